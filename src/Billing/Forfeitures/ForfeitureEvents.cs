using Aigc2d.Billing.FinanceFeed;
using Aigc2d.Billing.Ledger;

namespace Aigc2d.Billing.Forfeitures;

/// <summary>What finance is told of a forfeiture: what leaves the account when it is sealed, that it is ours when it is posted, what comes back when it is reversed.</summary>
internal static class ForfeitureEvents
{
    public static void Sealed(LedgerUnit unit, Forfeiture forfeiture, long micropoints)
    {
        var account = unit.Account(forfeiture.AccountId)!;
        var sequence = account.NextFeedSequence();
        unit.Announce(FeedEvent.Of("billing.forfeiture.sealed.v1", account, sequence, unit.Now, new
        {
            accountId = account.Id,
            accountSequence = sequence,
            forfeitureId = forfeiture.Id,
            suspensionId = forfeiture.SuspensionId,
            violations = forfeiture.Violations,
            reason = forfeiture.Reason,
            orderedBy = forfeiture.OrderedBy,
            orderedAt = forfeiture.OrderedAt,
            appealUntil = forfeiture.AppealUntil,
            amountMicropoints = -micropoints,
            balanceMicropoints = account.BalanceMicropoints,
        }));
    }

    public static void Posted(LedgerUnit unit, Forfeiture forfeiture, string postedBy, string? reason)
    {
        var account = unit.Account(forfeiture.AccountId)!;
        var sequence = account.NextFeedSequence();
        unit.Announce(FeedEvent.Of("billing.forfeiture.posted.v1", account, sequence, unit.Now, new
        {
            accountId = account.Id,
            accountSequence = sequence,
            forfeitureId = forfeiture.Id,
            suspensionId = forfeiture.SuspensionId,
            cause = reason is null ? "appeal_window_passed" : "appeal_denied",
            reason,
            postedBy,
            forfeitedMicropoints = forfeiture.Micropoints,
            amountMicropoints = 0L,
            balanceMicropoints = account.BalanceMicropoints,
        }));
    }

    public static void Reversed(LedgerUnit unit, Forfeiture forfeiture, Reversal reversal, string approvedBy)
    {
        var account = unit.Account(forfeiture.AccountId)!;
        var sequence = account.NextFeedSequence();
        unit.Announce(FeedEvent.Of("billing.forfeiture.reversed.v1", account, sequence, unit.Now, new
        {
            accountId = account.Id,
            accountSequence = sequence,
            forfeitureId = forfeiture.Id,
            suspensionId = forfeiture.SuspensionId,
            reversalId = reversal.Id,
            appealId = reversal.AppealId,
            reason = reversal.Reason,
            requestedBy = reversal.RequestedBy,
            approvedBy,
            wasPosted = forfeiture.State == "posted",
            amountMicropoints = forfeiture.Micropoints,
            balanceMicropoints = account.BalanceMicropoints,
        }));
    }
}
