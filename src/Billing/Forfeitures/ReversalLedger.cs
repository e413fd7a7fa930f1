using Aigc2d.Billing.FinanceFeed;
using Aigc2d.Billing.Ledger;
using Npgsql;

namespace Aigc2d.Billing.Forfeitures;

/// <summary>Gives forfeited points back after an appeal: one person asks, another one agrees.</summary>
internal sealed class ReversalLedger(ForfeitureLedger forfeitures, FeedSignal signal)
{
    /// <summary>Idempotent by appeal. From now on the forfeiture is not posted until the reversal is decided.</summary>
    public async Task<ForfeitureResult> RequestAsync(Guid id, Guid appealId, string reason, string actor, CancellationToken ct)
    {
        if (await forfeitures.AccountOfAsync(id, ct) is not { } accountId) return new(ForfeitureOutcome.Unknown);

        (Guid ForfeitureId, string Reason)? earlier = null;
        await using var unit = await forfeitures.BeginAsync(id, accountId, ct, new LedgerRead(
            new("select forfeiture_id, reason from forfeiture_reversals where appeal_id = $1") { Parameters = { new() { Value = appealId } } },
            row => earlier = (row.GetGuid(0), row.GetString(1))));
        var forfeiture = unit.Forfeiture!;
        if (earlier is not null) return new(earlier == (id, reason) ? ForfeitureOutcome.Done : ForfeitureOutcome.AppealUsed, forfeiture);
        if (forfeiture.State == "reversed") return new(ForfeitureOutcome.AlreadyReversed, forfeiture);
        if (forfeiture.Reversal?.State == "pending") return new(ForfeitureOutcome.ReversalPending, forfeiture);

        var reversal = new Reversal
        {
            Id = Guid.CreateVersion7(),
            AppealId = appealId,
            Reason = reason,
            State = "pending",
            RequestedBy = actor,
            RequestedAt = unit.Ledger.Now.UtcDateTime,
        };
        await unit.Ledger.CommitAsync(batch => batch.BatchCommands.Add(new(InsertReversal)
        {
            Parameters = { new() { Value = reversal.Id }, new() { Value = id }, new() { Value = appealId }, new() { Value = reason }, new() { Value = actor } },
        }));
        return new(ForfeitureOutcome.Done, forfeiture with { Reversal = reversal });
    }

    /// <summary>The points go back from wherever they are; the account can use them again unless another forfeiture of its own stands.</summary>
    public async Task<ForfeitureResult> ApproveAsync(Guid id, string actor, CancellationToken ct)
    {
        if (await forfeitures.AccountOfAsync(id, ct) is not { } accountId) return new(ForfeitureOutcome.Unknown);

        await using var unit = await forfeitures.BeginAsync(id, accountId, ct);
        var forfeiture = unit.Forfeiture!;
        if (forfeiture.State == "reversed") return new(ForfeitureOutcome.Done, forfeiture);
        if (forfeiture.Reversal is not { State: "pending" } reversal) return new(ForfeitureOutcome.NothingPending, forfeiture);
        if (reversal.RequestedBy == actor) return new(ForfeitureOutcome.SamePerson, forfeiture);
        if (!unit.Ledger.Account(accountId)!.CanPost(forfeiture.Micropoints ?? 0)) return new(ForfeitureOutcome.TooManyPoints, forfeiture);

        GiveBack(unit.Ledger, forfeiture, reversal, actor);
        await unit.Ledger.CommitAsync(batch =>
        {
            batch.BatchCommands.Add(Decide(reversal.Id, "approved", actor, null));
            batch.BatchCommands.Add(new(Reverse) { Parameters = { new() { Value = id }, new() { Value = reversal.Id } } });
            batch.BatchCommands.Add(new(UnsealAccount) { Parameters = { new() { Value = accountId } } });
        });
        signal.Poke();
        return new(ForfeitureOutcome.Done, forfeiture with { State = "reversed", Reversal = Decided(reversal, "approved", actor, null, unit.Ledger) });
    }

    /// <summary>Whoever asked may take it back as well: a refusal moves nothing.</summary>
    public async Task<ForfeitureResult> RefuseAsync(Guid id, string actor, string reason, CancellationToken ct)
    {
        if (await forfeitures.AccountOfAsync(id, ct) is not { } accountId) return new(ForfeitureOutcome.Unknown);

        await using var unit = await forfeitures.BeginAsync(id, accountId, ct);
        var forfeiture = unit.Forfeiture!;
        if (forfeiture.Reversal is { State: "refused" }) return new(ForfeitureOutcome.Done, forfeiture);
        if (forfeiture.Reversal is not { State: "pending" } reversal) return new(ForfeitureOutcome.NothingPending, forfeiture);

        await unit.Ledger.CommitAsync(batch => batch.BatchCommands.Add(Decide(reversal.Id, "refused", actor, reason)));
        return new(ForfeitureOutcome.Done, forfeiture with { Reversal = Decided(reversal, "refused", actor, reason, unit.Ledger) });
    }

    private static void GiveBack(LedgerUnit unit, Forfeiture forfeiture, Reversal reversal, string actor)
    {
        // Ordered, and a call is still running: nothing has moved, so there is nothing to tell finance.
        if (forfeiture.Micropoints is not { } taken) return;

        var from = forfeiture.State == "posted" ? LedgerAccount.Forfeited : LedgerAccount.Sealed;
        if (taken > 0) unit.Move(new Movement("forfeiture_reversed", forfeiture.Id.ToString(), forfeiture.AccountId, from, forfeiture.AccountId, taken, actor, reversal.Reason));
        ForfeitureEvents.Reversed(unit, forfeiture, reversal, actor);
    }

    private static Reversal Decided(Reversal reversal, string state, string actor, string? reason, LedgerUnit unit) =>
        reversal with { State = state, DecidedBy = actor, DecidedReason = reason, DecidedAt = unit.Now.UtcDateTime };

    private static NpgsqlBatchCommand Decide(Guid reversalId, string state, string actor, string? reason) => new(DecideReversal)
    {
        Parameters =
        {
            new() { Value = reversalId },
            new() { Value = state },
            new() { Value = actor },
            new() { Value = (object?)reason ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text },
        },
    };

    private const string InsertReversal = "insert into forfeiture_reversals (id, forfeiture_id, appeal_id, reason, requested_by) values ($1, $2, $3, $4, $5)";

    private const string DecideReversal = "update forfeiture_reversals set state = $2, decided_by = $3, decided_reason = $4, decided_at = ledger_now() where id = $1";

    private const string Reverse = "update forfeitures set state = 'reversed', reversal_id = $2 where id = $1";

    private const string UnsealAccount = """
        update ledger_accounts set sealed_at = null
        where id = $1 and not exists (select from forfeitures where account_id = $1 and state <> 'reversed')
        """;
}
