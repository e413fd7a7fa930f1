using Aigc2d.Contracts.Accounts;
using Aigc2d.ServiceDefaults.Batching;
using Aigc2d.ServiceDefaults.Http;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.Accounts.Keys;

/// <summary>Resolves presented keys to principals. An unknown, revoked or expired key costs the same hash and the same look-up as a good one.</summary>
internal static class VerifyKey
{
    public static void MapVerifyKey(this IEndpointRouteBuilder routes) => routes.MapPost("/internal/keys/verify", Handle);

    private static async Task<IResult> Handle(VerifyKeyRequest body, Principals principals, CancellationToken ct) => body.Key.Length > ApiKey.MaxLength
        ? Problems.Invalid("key", $"must have at most {ApiKey.MaxLength} characters.")
        : TypedResults.Ok(new VerifyKeyResponse { Principal = await principals.FindAsync(body.Key, ct) });
}

/// <summary>Looks principals up by the hash of their key; look-ups that come together go together.</summary>
internal sealed class Principals
{
    private readonly NpgsqlDataSource _db;
    private readonly ApiKey _keys;
    private readonly Batcher<byte[], Principal?> _batcher;

    public Principals(NpgsqlDataSource db, ApiKey keys)
    {
        _db = db;
        _keys = keys;
        _batcher = new(FindAllAsync, new BatcherOptions { InFlight = 2 });
    }

    public Task<Principal?> FindAsync(string key, CancellationToken ct) => _batcher.SubmitAsync(_keys.HashOf(key), ct);

    private async Task<IReadOnlyList<Principal?>> FindAllAsync(IReadOnlyList<byte[]> hashes)
    {
        var found = new Dictionary<string, Principal>(StringComparer.Ordinal);
        await using var command = _db.CreateCommand(Find);
        command.Parameters.Add(new() { Value = hashes.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) found[Convert.ToHexString(reader.GetFieldValue<byte[]>(0))] = PrincipalOf(reader);
        return [.. hashes.Select(hash => found.GetValueOrDefault(Convert.ToHexString(hash)))];
    }

    private static Principal PrincipalOf(NpgsqlDataReader row) => new()
    {
        KeyId = row.GetGuid(1),
        AccountId = row.GetGuid(2),
        Scopes = row.GetFieldValue<string[]>(3),
        Models = Nullable<string[]>(row, 4),
        IpRanges = Nullable<string[]>(row, 5),
        ExpiresAt = row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6),
        MicropointsPerDay = row.IsDBNull(7) ? null : row.GetInt64(7),
        Standing = new()
        {
            State = row.GetString(8),
            Until = row.IsDBNull(9) ? null : row.GetFieldValue<DateTimeOffset>(9),
            Reason = Nullable<string>(row, 10),
        },
        Plan = new()
        {
            Name = row.GetString(11),
            RequestsPerMinute = row.GetInt32(12),
            TokensPerMinute = row.GetInt64(13),
            ConcurrentCalls = row.GetInt32(14),
            MicropointsPerDay = row.IsDBNull(15) ? null : row.GetInt64(15),
            MultiplierPpm = row.GetInt32(16),
        },
    };

    private static T? Nullable<T>(NpgsqlDataReader row, int column)
        where T : class => row.IsDBNull(column) ? null : row.GetFieldValue<T>(column);

    private const string Find = """
        select k.key_hash, k.id, a.id, k.scopes, k.models, k.ip_ranges, k.expires_at, k.micropoints_per_day,
            s.state, s.until, s.reason,
            p.name, p.requests_per_minute, p.tokens_per_minute, p.concurrent_calls, p.micropoints_per_day, p.multiplier_ppm
        from api_keys k
        join accounts a on a.id = k.account_id
        join plans p on p.name = a.plan
        cross join lateral (select
            case when a.standing_until <= now() then 'active' else a.standing end as state,
            case when a.standing_until <= now() then null else a.standing_until end as until,
            case when a.standing_until <= now() then null else a.standing_reason end as reason) s
        where k.key_hash = any($1) and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
        """;
}
