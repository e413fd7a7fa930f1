using Aigc2d.Billing.FinanceFeed;
using Aigc2d.Billing.Ledger;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.Billing.Adjustments;

/// <summary>A wish to change an account's points, and what one person may change alone at this time.</summary>
internal sealed record Adjustment(Guid AccountId, long AmountMicropoints, string Reason, string RequestedBy, string? IdempotencyKey, long LimitMicropoints);

internal enum AdjustmentOutcome
{
    Posted,
    Pending,
    WouldOverdraw,
    TooManyPoints,
    AccountSealed,
    KeyReused,
    SamePerson,
    Refused,
    AlreadyPosted,
    Unknown,
}

/// <summary>How an adjustment stands; the balance is the account's after posting, or what is available when it would be overdrawn.</summary>
internal sealed record AdjustmentResult(AdjustmentOutcome Outcome, Guid Id = default, long BalanceMicropoints = 0);

/// <summary>Posts what people add and remove; each wish once.</summary>
internal sealed class AdjustmentLedger(NpgsqlDataSource db, FeedSignal signal)
{
    public async Task<AdjustmentResult> RequestAsync(Adjustment wish, CancellationToken ct)
    {
        await CustomerAccounts.OpenAsync(db, [wish.AccountId], ct);

        StoredAdjustment? earlier = null;
        await using var unit = await LedgerUnit.BeginAsync(db, [wish.AccountId, LedgerAccount.Adjustments], ct, Read(
            "account_id = $1 and idempotency_key = $2", row => earlier = row, new() { Value = wish.AccountId }, new() { Value = (object?)wish.IdempotencyKey ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text }));
        if (earlier is not null) return Repeated(earlier, wish, unit);

        var id = Guid.CreateVersion7();
        if (Math.Abs(wish.AmountMicropoints) > wish.LimitMicropoints)
        {
            await unit.CommitAsync(batch => batch.BatchCommands.Add(Insert(id, wish, "pending")));
            return new(AdjustmentOutcome.Pending, id);
        }

        var account = unit.Account(wish.AccountId)!;
        if (Fault(unit, wish) is { } fault) return new(fault, default, account.AvailableMicropoints);

        Post(unit, id, wish, approvedBy: null);
        await unit.CommitAsync(batch => batch.BatchCommands.Add(Insert(id, wish, "posted")));
        signal.Poke();
        return new(AdjustmentOutcome.Posted, id, account.BalanceMicropoints);
    }

    public async Task<AdjustmentResult> ApproveAsync(Guid id, string actor, CancellationToken ct)
    {
        if (await AccountOfAsync(id, ct) is not { } accountId) return new(AdjustmentOutcome.Unknown);

        StoredAdjustment? stored = null;
        await using var unit = await LedgerUnit.BeginAsync(db, [accountId, LedgerAccount.Adjustments], ct, Read("id = $1 for update", row => stored = row, new NpgsqlParameter { Value = id }));
        var account = unit.Account(accountId)!;
        if (stored!.State == "posted") return new(AdjustmentOutcome.Posted, id, account.BalanceMicropoints);
        if (stored.State == "refused") return new(AdjustmentOutcome.Refused, id);
        if (stored.Wish.RequestedBy == actor) return new(AdjustmentOutcome.SamePerson, id);

        if (Fault(unit, stored.Wish) is { } fault) return new(fault, id, account.AvailableMicropoints);

        Post(unit, id, stored.Wish, actor);
        await unit.CommitAsync(batch => batch.BatchCommands.Add(new(Approve) { Parameters = { new() { Value = id }, new() { Value = actor } } }));
        signal.Poke();
        return new(AdjustmentOutcome.Posted, id, account.BalanceMicropoints);
    }

    /// <summary>Whoever asked may take it back as well: a refusal moves nothing.</summary>
    public async Task<AdjustmentResult> RefuseAsync(Guid id, string actor, string reason, CancellationToken ct)
    {
        await using var command = db.CreateCommand(Refuse);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = actor });
        command.Parameters.Add(new() { Value = reason });
        return (string?)await command.ExecuteScalarAsync(ct) switch
        {
            null => new(AdjustmentOutcome.Unknown),
            "posted" => new(AdjustmentOutcome.AlreadyPosted, id),

            // Somebody decided while this statement waited for the row, and its snapshot is older than that: the next one sees it.
            "pending" => await RefuseAsync(id, actor, reason, ct),
            _ => new(AdjustmentOutcome.Refused, id),
        };
    }

    private static AdjustmentOutcome? Fault(LedgerUnit unit, Adjustment wish)
    {
        var account = unit.Account(wish.AccountId)!;
        if (account.IsSealed && wish.AmountMicropoints < 0) return AdjustmentOutcome.AccountSealed;
        if (wish.AmountMicropoints < 0 && account.AvailableMicropoints + wish.AmountMicropoints < 0) return AdjustmentOutcome.WouldOverdraw;
        return account.CanPost(wish.AmountMicropoints) && unit.Account(LedgerAccount.Adjustments)!.CanPost(-wish.AmountMicropoints) ? null : AdjustmentOutcome.TooManyPoints;
    }

    private static AdjustmentResult Repeated(StoredAdjustment earlier, Adjustment wish, LedgerUnit unit)
    {
        if (earlier.Wish.AmountMicropoints != wish.AmountMicropoints || earlier.Wish.Reason != wish.Reason) return new(AdjustmentOutcome.KeyReused);

        return earlier.State switch
        {
            "posted" => new(AdjustmentOutcome.Posted, earlier.Id, unit.Account(wish.AccountId)!.BalanceMicropoints),
            "pending" => new(AdjustmentOutcome.Pending, earlier.Id),
            _ => new(AdjustmentOutcome.Refused, earlier.Id),
        };
    }

    private static void Post(LedgerUnit unit, Guid id, Adjustment wish, string? approvedBy)
    {
        var (from, to) = wish.AmountMicropoints > 0 ? (LedgerAccount.Adjustments, wish.AccountId) : (wish.AccountId, LedgerAccount.Adjustments);
        unit.Move(new Movement("adjustment", id.ToString(), wish.AccountId, from, to, Math.Abs(wish.AmountMicropoints), approvedBy ?? wish.RequestedBy, wish.Reason));

        var account = unit.Account(wish.AccountId)!;
        var sequence = account.NextFeedSequence();
        unit.Announce(FeedEvent.Of("billing.adjustment.posted.v1", account, sequence, unit.Now, new
        {
            accountId = account.Id,
            accountSequence = sequence,
            transactionId = id,
            reason = wish.Reason,
            requestedBy = wish.RequestedBy,
            approvedBy,
            amountMicropoints = wish.AmountMicropoints,
            balanceMicropoints = account.BalanceMicropoints,
        }));
    }

    private async Task<Guid?> AccountOfAsync(Guid id, CancellationToken ct)
    {
        await using var command = db.CreateCommand("select account_id from adjustments where id = $1");
        command.Parameters.Add(new() { Value = id });
        return (Guid?)await command.ExecuteScalarAsync(ct);
    }

    private static NpgsqlBatchCommand Insert(Guid id, Adjustment wish, string state) => new(InsertAdjustment)
    {
        Parameters =
        {
            new() { Value = id },
            new() { Value = wish.AccountId },
            new() { Value = wish.AmountMicropoints },
            new() { Value = wish.Reason },
            new() { Value = wish.RequestedBy },
            new() { Value = (object?)wish.IdempotencyKey ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            new() { Value = state },
            new() { Value = wish.LimitMicropoints },
        },
    };

    private static LedgerRead Read(string condition, Action<StoredAdjustment> row, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand($"select id, state, account_id, amount_micropoints, reason, requested_by from adjustments where {condition}");
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        return new(command, reader => row(new(reader.GetGuid(0), reader.GetString(1), new(reader.GetGuid(2), reader.GetInt64(3), reader.GetString(4), reader.GetString(5), null, 0))));
    }

    private sealed record StoredAdjustment(Guid Id, string State, Adjustment Wish);

    private const string InsertAdjustment = """
        insert into adjustments (id, account_id, amount_micropoints, reason, requested_by, idempotency_key, state, limit_micropoints, posted_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, case when $7 = 'posted' then ledger_now() end)
        """;

    private const string Approve = "update adjustments set state = 'posted', approved_by = $2, posted_at = ledger_now() where id = $1";

    // Answers the state it leaves: what is posted or refused already stays so.
    private const string Refuse = """
        with refused as (
            update adjustments set state = 'refused', refused_by = $2, refused_reason = $3, refused_at = ledger_now() where id = $1 and state = 'pending' returning id
        )
        select case when exists (select from refused) then 'refused' else state end from adjustments where id = $1
        """;
}
