using Aigc2d.Billing.FinanceFeed;
using Aigc2d.Billing.Ledger;

namespace Aigc2d.Billing.Statements;

/// <summary>
/// The data of <c>billing.statement.closed.v1</c>: an account's month, once. It moves no points: the amount is 0, and the balance is the account's
/// when this was announced, which is later than the month's closing balance.
/// </summary>
internal sealed record StatementClosed
{
    public const string Type = "billing.statement.closed.v1";

    public required Guid AccountId { get; init; }

    public required long AccountSequence { get; init; }

    /// <summary>For example <c>2026-11</c>, in UTC.</summary>
    public required string Month { get; init; }

    public required long OpeningBalanceMicropoints { get; init; }

    public required IReadOnlyList<MovementLine> Movements { get; init; }

    public required IReadOnlyList<ChargeLine> Charges { get; init; }

    public required long ClosingBalanceMicropoints { get; init; }

    public required long AmountMicropoints { get; init; }

    public required long BalanceMicropoints { get; init; }

    public static FeedEvent Of(LedgerUnit unit, LedgerAccount account, Statement statement)
    {
        var sequence = account.NextFeedSequence();
        return FeedEvent.Of(Type, account, sequence, unit.Now, new StatementClosed
        {
            AccountId = account.Id,
            AccountSequence = sequence,
            Month = statement.Month,
            OpeningBalanceMicropoints = statement.OpeningBalanceMicropoints,
            Movements = statement.Movements,
            Charges = statement.Charges,
            ClosingBalanceMicropoints = statement.ClosingBalanceMicropoints,
            AmountMicropoints = 0,
            BalanceMicropoints = account.BalanceMicropoints,
        });
    }
}
