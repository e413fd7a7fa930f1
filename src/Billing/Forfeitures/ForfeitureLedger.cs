using Aigc2d.Billing.FinanceFeed;
using Aigc2d.Billing.Ledger;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.Billing.Forfeitures;

/// <summary>Enforcement's order that an account loses its points.</summary>
internal sealed record ForfeitureOrder(Guid AccountId, Guid SuspensionId, Guid[] Violations, string Reason, string OrderedBy);

internal enum ForfeitureOutcome
{
    Done,
    Unknown,
    OtherOrder,
    CallsRunning,
    ReversalPending,
    AlreadyReversed,
    NothingPending,
    AppealUsed,
    SamePerson,
    TooManyPoints,
}

/// <summary>How a step of a forfeiture ended, and the forfeiture as it now is.</summary>
internal sealed record ForfeitureResult(ForfeitureOutcome Outcome, Forfeiture? Forfeiture = null);

/// <summary>
/// Seals and forfeits. From the order on nothing can use the points; they move away when the account's last call has ended, and are ours when nobody
/// can appeal any more. Every step is decided under the lock of the account and is safe to repeat.
/// </summary>
internal sealed class ForfeitureLedger(NpgsqlDataSource db, FeedSignal signal, IOptions<BillingOptions> options)
{
    public const string Platform = "billing";

    /// <summary>Idempotent by suspension: the same order answers as the first one did, another order for it is refused.</summary>
    public async Task<ForfeitureResult> OrderAsync(ForfeitureOrder order, CancellationToken ct)
    {
        await CustomerAccounts.OpenAsync(db, [order.AccountId], ct);

        Forfeiture? earlier = null;
        await using var unit = await LedgerUnit.BeginAsync(
            db, [order.AccountId, LedgerAccount.Sealed], ct, new LedgerRead(Forfeiture.BySuspension(order.SuspensionId), row => earlier = Forfeiture.Of(row)));
        if (earlier is not null) return new(IsSame(earlier, order) ? ForfeitureOutcome.Done : ForfeitureOutcome.OtherOrder, earlier);

        var forfeiture = New(order, unit);
        var isIdle = unit.Account(order.AccountId)!.HeldMicropoints == 0;
        var taken = isIdle ? MoveAway(unit, forfeiture) : 0;
        await unit.CommitAsync(batch =>
        {
            batch.BatchCommands.Add(Insert(forfeiture));
            batch.BatchCommands.Add(new(SealAccount) { Parameters = { new() { Value = order.AccountId } } });
            if (isIdle) batch.BatchCommands.Add(Seal(forfeiture, taken));
        });
        signal.Poke();
        return new(ForfeitureOutcome.Done, isIdle ? forfeiture with { State = "sealed", Micropoints = taken, SealedAt = unit.Now.UtcDateTime } : forfeiture);
    }

    /// <summary>The next step that is due: seals when no call is running any more, posts when the appeal window has passed. A pending reversal holds the posting back.</summary>
    public async Task AdvanceAsync(Guid id, Guid accountId, CancellationToken ct)
    {
        await using var unit = await BeginAsync(id, accountId, ct);
        var forfeiture = unit.Forfeiture!;
        if (forfeiture.State == "ordered" && unit.Ledger.Account(accountId)!.HeldMicropoints == 0)
        {
            var taken = MoveAway(unit.Ledger, forfeiture);
            await unit.Ledger.CommitAsync(batch => batch.BatchCommands.Add(Seal(forfeiture, taken)));
        }
        else if (forfeiture.State == "sealed" && forfeiture.AppealUntil <= unit.Ledger.Now.UtcDateTime && forfeiture.Reversal?.State != "pending")
        {
            await PostAsync(unit.Ledger, forfeiture, Platform, null);
        }

        signal.Poke();
    }

    /// <summary>Posts before the appeal window has passed: the appeal was denied.</summary>
    public async Task<ForfeitureResult> PostAsync(Guid id, string actor, string reason, CancellationToken ct)
    {
        if (await AccountOfAsync(id, ct) is not { } accountId) return new(ForfeitureOutcome.Unknown);

        await using var unit = await BeginAsync(id, accountId, ct);
        var forfeiture = unit.Forfeiture!;
        switch (forfeiture)
        {
            case { State: "posted" }: return new(ForfeitureOutcome.Done, forfeiture);
            case { State: "reversed" }: return new(ForfeitureOutcome.AlreadyReversed, forfeiture);
            case { Reversal.State: "pending" }: return new(ForfeitureOutcome.ReversalPending, forfeiture);
            case { State: "ordered" }: return new(ForfeitureOutcome.CallsRunning, forfeiture);
        }

        await PostAsync(unit.Ledger, forfeiture, actor, reason);
        signal.Poke();
        return new(ForfeitureOutcome.Done, forfeiture with { State = "posted", PostedAt = unit.Ledger.Now.UtcDateTime, PostedBy = actor, PostedReason = reason });
    }

    /// <summary>Locks the account and the platform's accounts, then reads the forfeiture.</summary>
    public async Task<LockedForfeiture> BeginAsync(Guid id, Guid accountId, CancellationToken ct, params LedgerRead[] reads)
    {
        Forfeiture? forfeiture = null;
        var unit = await LedgerUnit.BeginAsync(
            db, [accountId, LedgerAccount.Sealed, LedgerAccount.Forfeited], ct, [new LedgerRead(Forfeiture.ById(id), row => forfeiture = Forfeiture.Of(row)), .. reads]);
        return new(unit, forfeiture);
    }

    public async Task<Guid?> AccountOfAsync(Guid id, CancellationToken ct)
    {
        await using var command = db.CreateCommand("select account_id from forfeitures where id = $1");
        command.Parameters.Add(new() { Value = id });
        return (Guid?)await command.ExecuteScalarAsync(ct);
    }

    private static bool IsSame(Forfeiture earlier, ForfeitureOrder order) =>
        earlier.AccountId == order.AccountId && earlier.Reason == order.Reason && earlier.Violations.SequenceEqual(order.Violations);

    private Forfeiture New(ForfeitureOrder order, LedgerUnit unit) => new()
    {
        Id = Guid.CreateVersion7(),
        AccountId = order.AccountId,
        SuspensionId = order.SuspensionId,
        Violations = order.Violations,
        Reason = order.Reason,
        OrderedBy = order.OrderedBy,
        OrderedAt = unit.Now.UtcDateTime,
        AppealUntil = (unit.Now + options.Value.AppealWindow).UtcDateTime,
        State = "ordered",
    };

    /// <summary>Moves the whole balance; there is nothing to take from a balance below zero.</summary>
    private static long MoveAway(LedgerUnit unit, Forfeiture forfeiture)
    {
        var taken = Math.Max(0, unit.Account(forfeiture.AccountId)!.BalanceMicropoints);
        if (taken > 0) unit.Move(new Movement("forfeiture_sealed", forfeiture.Id.ToString(), forfeiture.AccountId, forfeiture.AccountId, LedgerAccount.Sealed, taken, forfeiture.OrderedBy, forfeiture.Reason));
        ForfeitureEvents.Sealed(unit, forfeiture, taken);
        return taken;
    }

    private static Task PostAsync(LedgerUnit unit, Forfeiture forfeiture, string actor, string? reason)
    {
        if (forfeiture.Micropoints is > 0 and var taken)
            unit.Move(new Movement("forfeiture_posted", forfeiture.Id.ToString(), forfeiture.AccountId, LedgerAccount.Sealed, LedgerAccount.Forfeited, taken, actor, reason ?? "appeal window passed"));
        ForfeitureEvents.Posted(unit, forfeiture, actor, reason);
        return unit.CommitAsync(batch => batch.BatchCommands.Add(new(Post)
        {
            Parameters = { new() { Value = forfeiture.Id }, new() { Value = actor }, new() { Value = (object?)reason ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text } },
        }));
    }

    private static NpgsqlBatchCommand Insert(Forfeiture forfeiture) => new(InsertForfeiture)
    {
        Parameters =
        {
            new() { Value = forfeiture.Id },
            new() { Value = forfeiture.AccountId },
            new() { Value = forfeiture.SuspensionId },
            new() { Value = forfeiture.Violations },
            new() { Value = forfeiture.Reason },
            new() { Value = forfeiture.OrderedBy },
            new() { Value = forfeiture.OrderedAt },
            new() { Value = forfeiture.AppealUntil },
        },
    };

    private static NpgsqlBatchCommand Seal(Forfeiture forfeiture, long taken) => new(SealForfeiture) { Parameters = { new() { Value = forfeiture.Id }, new() { Value = taken } } };

    private const string InsertForfeiture = """
        insert into forfeitures (id, account_id, suspension_id, violations, reason, ordered_by, ordered_at, appeal_until) values ($1, $2, $3, $4, $5, $6, $7, $8)
        """;

    private const string SealAccount = "update ledger_accounts set sealed_at = coalesce(sealed_at, ledger_now()) where id = $1";

    private const string SealForfeiture = "update forfeitures set state = 'sealed', micropoints = $2, sealed_at = ledger_now() where id = $1";

    private const string Post = "update forfeitures set state = 'posted', posted_by = $2, posted_reason = $3, posted_at = ledger_now() where id = $1";
}

/// <summary>A forfeiture under the lock of its account, and the transaction that may change it.</summary>
internal sealed record LockedForfeiture(LedgerUnit Ledger, Forfeiture? Forfeiture) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Ledger.DisposeAsync();
}
