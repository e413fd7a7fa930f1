using Aigc2d.Billing.FinanceFeed;
using Aigc2d.Billing.Ledger;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.Billing.Adjustments;

/// <summary>A wish to change an account's points.</summary>
internal sealed record Adjustment(Guid AccountId, long AmountMicropoints, string Reason, string RequestedBy, string? IdempotencyKey);

internal enum AdjustmentOutcome
{
    Posted,
    Pending,
    WouldOverdraw,
    KeyReused,
    SamePerson,
    Refused,
    Unknown,
}

/// <summary>How an adjustment stands; the balance is the account's after posting, or what is available when it would be overdrawn.</summary>
internal sealed record AdjustmentResult(AdjustmentOutcome Outcome, Guid Id = default, long BalanceMicropoints = 0);

/// <summary>Posts what people add and remove; each wish once.</summary>
internal sealed class AdjustmentLedger(NpgsqlDataSource db, FeedSignal signal)
{
    public async Task<AdjustmentResult> RequestAsync(Adjustment wish, bool needsApproval, CancellationToken ct)
    {
        await CreateAccountAsync(wish.AccountId, ct);

        StoredAdjustment? earlier = null;
        await using var unit = await LedgerUnit.BeginAsync(db, [wish.AccountId, LedgerAccount.Adjustments], ct, Read(
            "account_id = $1 and idempotency_key = $2", row => earlier = row, new() { Value = wish.AccountId }, new() { Value = (object?)wish.IdempotencyKey ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text }));
        if (earlier is not null) return Repeated(earlier, wish, unit);

        var id = Guid.CreateVersion7();
        if (needsApproval)
        {
            await unit.CommitAsync(batch => batch.BatchCommands.Add(Insert(id, wish, "pending")));
            return new(AdjustmentOutcome.Pending, id);
        }

        var account = unit.Account(wish.AccountId)!;
        if (account.AvailableMicropoints + wish.AmountMicropoints < 0) return new(AdjustmentOutcome.WouldOverdraw, default, account.AvailableMicropoints);

        Post(unit, id, wish, approvedBy: null);
        await unit.CommitAsync(batch => batch.BatchCommands.Add(Insert(id, wish, "posted")));
        signal.Poke();
        return new(AdjustmentOutcome.Posted, id, account.BalanceMicropoints);
    }

    public async Task<AdjustmentResult> ApproveAsync(Guid id, string actor, CancellationToken ct)
    {
        if (await AccountOfAsync(id, ct) is not { } accountId) return new(AdjustmentOutcome.Unknown);

        StoredAdjustment? stored = null;
        await using var unit = await LedgerUnit.BeginAsync(db, [accountId, LedgerAccount.Adjustments], ct, Read("id = $1", row => stored = row, new NpgsqlParameter { Value = id }));
        var account = unit.Account(accountId)!;
        if (stored!.State == "posted") return new(AdjustmentOutcome.Posted, id, account.BalanceMicropoints);
        if (stored.State == "refused") return new(AdjustmentOutcome.Refused, id);
        if (stored.Wish.RequestedBy == actor) return new(AdjustmentOutcome.SamePerson, id);

        var posts = account.AvailableMicropoints + stored.Wish.AmountMicropoints >= 0;
        if (posts) Post(unit, id, stored.Wish, actor);
        await unit.CommitAsync(batch => batch.BatchCommands.Add(new(Decide) { Parameters = { new() { Value = id }, new() { Value = posts ? "posted" : "refused" }, new() { Value = actor } } }));
        signal.Poke();
        return posts ? new(AdjustmentOutcome.Posted, id, account.BalanceMicropoints) : new(AdjustmentOutcome.Refused, id);
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

    private async Task CreateAccountAsync(Guid accountId, CancellationToken ct)
    {
        await using var command = db.CreateCommand("insert into ledger_accounts (id, kind) values ($1, 'customer') on conflict (id) do nothing");
        command.Parameters.Add(new() { Value = accountId });
        await command.ExecuteNonQueryAsync(ct);
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
        },
    };

    private static LedgerRead Read(string condition, Action<StoredAdjustment> row, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand($"select id, state, account_id, amount_micropoints, reason, requested_by from adjustments where {condition}");
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        return new(command, reader => row(new(reader.GetGuid(0), reader.GetString(1), new(reader.GetGuid(2), reader.GetInt64(3), reader.GetString(4), reader.GetString(5), null))));
    }

    private sealed record StoredAdjustment(Guid Id, string State, Adjustment Wish);

    private const string InsertAdjustment = """
        insert into adjustments (id, account_id, amount_micropoints, reason, requested_by, idempotency_key, state, posted_at)
        values ($1, $2, $3, $4, $5, $6, $7, case when $7 = 'posted' then ledger_now() end)
        """;

    private const string Decide = "update adjustments set state = $2, approved_by = $3, posted_at = case when $2 = 'posted' then ledger_now() end where id = $1";
}
