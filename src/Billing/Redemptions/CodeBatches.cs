using Aigc2d.Billing.Ledger;
using Aigc2d.ServiceDefaults.Hashing;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.Billing.Redemptions;

internal enum BatchOutcome
{
    Done,
    Unknown,
    SamePerson,
    Revoked,
}

/// <summary>Batches of codes in the database: made, approved, revoked. Of a code only its keyed hash is kept.</summary>
internal sealed class CodeBatches(NpgsqlDataSource db, Peppers peppers)
{
    /// <summary>Null when the batch would have expired already.</summary>
    public async Task<Guid?> CreateAsync(CreateCodesRequest wish, IReadOnlyCollection<string> codes, string state, long limitMicropoints, string actor, CancellationToken ct)
    {
        var batchId = Guid.CreateVersion7();
        await using var command = db.CreateCommand(Insert);
        command.Parameters.Add(new() { Value = batchId });
        command.Parameters.Add(Text(wish.Name));
        command.Parameters.Add(Text(wish.Reason));
        command.Parameters.Add(new() { Value = codes.Count });
        command.Parameters.Add(new() { Value = wish.Micropoints });
        command.Parameters.Add(new() { Value = (object?)wish.ExpiresAt?.UtcDateTime ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new() { Value = limitMicropoints });
        command.Parameters.Add(new() { Value = state });
        command.Parameters.Add(new() { Value = actor });
        command.Parameters.Add(new() { Value = peppers.Version });
        command.Parameters.Add(codes.Select(_ => Guid.CreateVersion7()).ToParameter(NpgsqlDbType.Uuid));
        command.Parameters.Add(codes.Select(code => peppers.Hash(CodeText.Read(code))).ToParameter(NpgsqlDbType.Bytea));
        return await command.ExecuteNonQueryAsync(ct) > 0 ? batchId : null;
    }

    public Task<BatchOutcome> ApproveAsync(Guid batchId, string actor, CancellationToken ct) => DecideAsync(Approve, batchId, ct, new NpgsqlParameter { Value = actor });

    /// <summary>Makes every code of the batch that nobody has redeemed useless.</summary>
    public Task<BatchOutcome> RevokeAsync(Guid batchId, string actor, string reason, CancellationToken ct) =>
        DecideAsync(Revoke, batchId, ct, new NpgsqlParameter { Value = actor }, new NpgsqlParameter { Value = reason });

    /// <summary>The statement changes the batch when it may; what it then says of itself tells why not.</summary>
    private async Task<BatchOutcome> DecideAsync(string statement, Guid batchId, CancellationToken ct, params NpgsqlParameter[] parameters)
    {
        await using var command = db.CreateCommand(statement);
        command.Parameters.Add(new() { Value = batchId });
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        return (string?)await command.ExecuteScalarAsync(ct) switch
        {
            null => BatchOutcome.Unknown,
            "done" => BatchOutcome.Done,
            "same person" => BatchOutcome.SamePerson,
            _ => BatchOutcome.Revoked,
        };
    }

    private static NpgsqlParameter Text(string? text) => new() { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private const string Insert = """
        with batch as (
            insert into redemption_batches (id, name, reason, code_count, micropoints, expires_at, limit_micropoints, state, requested_by)
            select $1, $2, $3, $4, $5, $6, $7, $8, $9 where $6 is null or $6 > ledger_now()
            returning id
        )
        insert into redemption_codes (id, batch_id, pepper_version, hash) select c.id, b.id, $10, c.hash from batch b, unnest($11, $12) as c(id, hash)
        """;

    private const string Approve = """
        with approved as (
            update redemption_batches set state = 'active', approved_by = $2, approved_at = ledger_now()
            where id = $1 and state = 'pending' and requested_by <> $2
            returning id
        )
        select case
            when exists (select from approved) or state = 'active' then 'done'
            when state = 'revoked' then 'revoked'
            else 'same person'
        end
        from redemption_batches where id = $1
        """;

    private const string Revoke = """
        with revoked as (
            update redemption_batches set state = 'revoked', revoked_by = $2, revoked_reason = $3, revoked_at = ledger_now()
            where id = $1 and state <> 'revoked'
            returning id
        ), codes as (
            update redemption_codes c set revoked_at = ledger_now() from revoked b where c.batch_id = b.id and c.redeemed_by is null and c.revoked_at is null
        )
        select 'done' from redemption_batches where id = $1
        """;
}
