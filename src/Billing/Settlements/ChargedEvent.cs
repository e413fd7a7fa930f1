using Aigc2d.Billing.FinanceFeed;
using Aigc2d.Billing.Holds;
using Aigc2d.Billing.Ledger;
using Aigc2d.Contracts.Providers;

namespace Aigc2d.Billing.Settlements;

/// <summary>The data of <c>billing.usage.charged.v1</c>: everything the amount can be recomputed from. Amounts are signed: balance = previous + amount.</summary>
internal sealed record ChargedEvent
{
    public const string Type = "billing.usage.charged.v1";

    public required Guid AccountId { get; init; }

    public required long AccountSequence { get; init; }

    public required Guid RequestId { get; init; }

    public required Guid KeyId { get; init; }

    public required string Model { get; init; }

    public required string? Provider { get; init; }

    public required Guid? ChannelId { get; init; }

    public required string EndCause { get; init; }

    public required bool Estimated { get; init; }

    public required int InputTokens { get; init; }

    public required int OutputTokens { get; init; }

    public required int CachedInputTokens { get; init; }

    public required long PriceVersion { get; init; }

    public required ChargedRates Rates { get; init; }

    public required int MultiplierPpm { get; init; }

    /// <summary>plain, shortfall or late: the last two may charge less than the formula gives.</summary>
    public required string Rule { get; init; }

    public required long AmountMicropoints { get; init; }

    public required long BalanceMicropoints { get; init; }

    public static FeedEvent Of(LedgerUnit unit, LedgerAccount account, UsageRecorded usage, HoldRow hold, Prices.Price price, Charge charge)
    {
        var sequence = account.NextFeedSequence();
        return FeedEvent.Of(Type, account, sequence, unit.Now, new ChargedEvent
        {
            AccountId = account.Id,
            AccountSequence = sequence,
            RequestId = usage.RequestId,
            KeyId = usage.KeyId,
            Model = hold.Model,
            Provider = usage.Provider,
            ChannelId = usage.ChannelId,
            EndCause = EndCauses.NameOf(usage.EndCause),
            Estimated = usage.Estimated,
            InputTokens = usage.InputTokens,
            OutputTokens = usage.OutputTokens,
            CachedInputTokens = usage.CachedInputTokens,
            PriceVersion = price.Version,
            Rates = new(price.InputMicropointsPer1k, price.OutputMicropointsPer1k, price.CachedInputMicropointsPer1k),
            MultiplierPpm = hold.MultiplierPpm,
            Rule = charge.Rule,
            AmountMicropoints = -charge.ChargedMicropoints,
            BalanceMicropoints = account.BalanceMicropoints,
        });
    }
}

/// <summary>Micropoints per 1,000 tokens; no cached rate means that cached input costs what input costs.</summary>
internal sealed record ChargedRates(
    long Input,
    long Output,
    [property: System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)] long? CachedInput);
