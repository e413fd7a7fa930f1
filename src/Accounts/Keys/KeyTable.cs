using Aigc2d.Accounts.Changes;
using Aigc2d.Contracts.Accounts;
using Aigc2d.ServiceDefaults.Hashing;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.Accounts.Keys;

/// <summary>The keys of accounts. Every statement names the key and the account, so that nobody reaches another account's key.</summary>
internal sealed class KeyTable(NpgsqlDataSource db, ChangeUnit changes, Peppers peppers, TimeProvider time)
{
    /// <summary>Creates a key; null when the account has as many as it may have, or does not exist.</summary>
    public async Task<(NewKey Key, KeyRow Row)?> CreateAsync(Guid accountId, CreateKeyRequest wish, CancellationToken ct)
    {
        var key = NewKey.Make();
        var now = time.GetUtcNow();
        var change = new PrincipalChanged { AccountId = accountId, KeyId = key.Id };
        var created = await changes.TryCommitAsync(
            change,
            () => [new(TakeRoom) { Parameters = { new() { Value = accountId } } }, Insert(accountId, key, wish, now)],
            ct);
        if (!created) return null;

        return (key, new KeyRow
        {
            Id = key.Id,
            Name = wish.Name,
            Last4 = key.Last4,
            Scopes = wish.Scopes,
            Models = wish.Models,
            IpRanges = wish.IpRanges,
            ExpiresAt = wish.ExpiresAt?.UtcDateTime,
            MicropointsPerDay = wish.MicropointsPerDay,
            CreatedAt = now.UtcDateTime,
        });
    }

    /// <summary>The statement that keeps a new key: its hash, never the key.</summary>
    public NpgsqlBatchCommand Insert(Guid accountId, NewKey key, CreateKeyRequest wish, DateTimeOffset now) => new(InsertKey)
    {
        Parameters =
        {
            new() { Value = key.Id },
            new() { Value = accountId },
            new() { Value = wish.Name },
            new() { Value = peppers.Version },
            new() { Value = peppers.Hash(key.Key) },
            new() { Value = key.Last4 },
            new() { Value = wish.Scopes },
            Nullable(wish.Models, NpgsqlDbType.Array | NpgsqlDbType.Text),
            Nullable(wish.IpRanges, NpgsqlDbType.Array | NpgsqlDbType.Text),
            Nullable(wish.ExpiresAt?.ToUniversalTime(), NpgsqlDbType.TimestampTz),
            Nullable(wish.MicropointsPerDay, NpgsqlDbType.Bigint),
            new() { Value = now },
        },
    };

    /// <summary>The keys that are not revoked, oldest first, after a cursor.</summary>
    public async Task<List<KeyRow>> ListAsync(Guid accountId, Guid after, int limit, CancellationToken ct)
    {
        await using var command = db.CreateCommand(List);
        command.Parameters.Add(new() { Value = accountId });
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<KeyRow>();
        while (await reader.ReadAsync(ct)) rows.Add(KeyRow.Read(reader));
        return rows;
    }

    /// <summary>Revokes a key; in force when this returns. False when the account has no such key; revoking again changes nothing.</summary>
    public async Task<bool> RevokeAsync(Guid accountId, Guid keyId, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var change = new PrincipalChanged { AccountId = accountId, KeyId = keyId };
        var revoked = await changes.TryCommitAsync(
            change,
            () =>
            [
                new(Revoke) { Parameters = { new() { Value = keyId }, new() { Value = accountId }, new() { Value = now } } },
                new(GiveRoom) { Parameters = { new() { Value = accountId } } },
            ],
            ct);
        if (revoked) return true;

        await using var command = db.CreateCommand(Exists);
        command.Parameters.Add(new() { Value = keyId });
        command.Parameters.Add(new() { Value = accountId });
        return await command.ExecuteScalarAsync(ct) is not null;
    }

    private static NpgsqlParameter Nullable(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    // A row that does not come back has no room left.
    private const string TakeRoom = "update accounts set active_keys = active_keys + 1 where id = $1 and deleted_at is null and active_keys < 100";

    private const string GiveRoom = "update accounts set active_keys = active_keys - 1 where id = $1";

    private const string InsertKey = """
        insert into keys (id, account_id, name, pepper_version, hash, last4, scopes, models, ip_ranges, expires_at, micropoints_per_day, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        """;

    private const string List = """
        select id, name, last4, scopes, models, ip_ranges, expires_at, micropoints_per_day, created_at
        from keys where account_id = $1 and revoked_at is null and id > $2 order by id limit $3
        """;

    private const string Revoke = "update keys set revoked_at = $3 where id = $1 and account_id = $2 and revoked_at is null";

    private const string Exists = "select 1 from keys where id = $1 and account_id = $2";
}
