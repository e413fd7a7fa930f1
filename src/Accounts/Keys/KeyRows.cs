using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.Accounts.Keys;

internal static class KeyRows
{
    /// <summary>Adds a new key to a transaction and answers it; only its hash is written.</summary>
    public static CreatedKey Insert(NpgsqlBatch batch, Guid accountId, CreateKeyRequest wish, ApiKey keys)
    {
        var key = ApiKey.New();
        var created = new CreatedKey(Guid.CreateVersion7(), wish.Name, key, ApiKey.Last4(key), [.. wish.Scopes.Distinct(StringComparer.Ordinal)]);
        batch.BatchCommands.Add(new(InsertKey)
        {
            Parameters =
            {
                new() { Value = created.Id },
                new() { Value = accountId },
                new() { Value = created.Name },
                new() { Value = keys.HashOf(key) },
                new() { Value = ApiKey.PepperVersion },
                new() { Value = created.Last4 },
                new() { Value = created.Scopes },
                new() { Value = (object?)wish.Models ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                new() { Value = (object?)wish.IpRanges ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                new() { Value = (object?)wish.ExpiresAt?.UtcDateTime ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz },
                new() { Value = (object?)wish.MicropointsPerDay ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
            },
        });
        return created;
    }

    private const string InsertKey = """
        insert into api_keys (id, account_id, name, key_hash, pepper_version, last4, scopes, models, ip_ranges, expires_at, micropoints_per_day)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """;
}
