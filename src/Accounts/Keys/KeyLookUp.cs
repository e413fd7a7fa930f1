using Aigc2d.Contracts.Accounts;
using Aigc2d.Contracts.Moderation;
using Aigc2d.ServiceDefaults.Batching;
using Aigc2d.ServiceDefaults.Hashing;
using Npgsql;

namespace Aigc2d.Accounts.Keys;

/// <summary>Finds principals by presented keys; all that ask at the same time share one query. Known, unknown, revoked and malformed keys take the same way.</summary>
internal sealed class KeyLookUp
{
    private readonly NpgsqlDataSource _db;
    private readonly Peppers _peppers;
    private readonly TimeProvider _time;
    private readonly Batcher<byte[][], Principal?> _batcher;

    public KeyLookUp(NpgsqlDataSource db, Peppers peppers, TimeProvider time)
    {
        (_db, _peppers, _time) = (db, peppers, time);
        _batcher = new Batcher<byte[][], Principal?>(FindAsync, new BatcherOptions { InFlight = 2 });
    }

    public Task<Principal?> FindAsync(string key, CancellationToken ct) => _batcher.SubmitAsync(_peppers.AllHashes(key), ct);

    private async Task<IReadOnlyList<Principal?>> FindAsync(IReadOnlyList<byte[][]> presented)
    {
        await using var command = _db.CreateCommand(Find);
        command.Parameters.Add(new() { Value = presented.SelectMany(hashes => hashes).ToArray() });
        command.Parameters.Add(new() { Value = _time.GetUtcNow() });
        var found = new Dictionary<string, Principal>(StringComparer.Ordinal);
        await using (var reader = await command.ExecuteReaderAsync())
            while (await reader.ReadAsync()) found[Convert.ToBase64String(reader.GetFieldValue<byte[]>(0))] = ReadPrincipal(reader);

        return [.. presented.Select(hashes => hashes.Select(hash => found.GetValueOrDefault(Convert.ToBase64String(hash))).FirstOrDefault(p => p is not null))];
    }

    private static Principal ReadPrincipal(NpgsqlDataReader row) => new()
    {
        KeyId = row.GetGuid(1),
        AccountId = row.GetGuid(2),
        Scopes = row.GetFieldValue<string[]>(3),
        Models = row.TextsOrNull(4),
        IpRanges = row.TextsOrNull(5),
        ExpiresAt = row.GetFieldValue<DateTimeOffset?>(6),
        MicropointsPerDay = row.GetFieldValue<long?>(7),
        Standing = new Standing { State = row.GetString(8), Until = row.GetFieldValue<DateTimeOffset?>(9), Reason = row.TextOrNull(10) },
        Plan = new PlanLimits
        {
            Name = row.GetString(11),
            RequestsPerMinute = row.GetInt32(12),
            TokensPerMinute = row.GetInt64(13),
            ConcurrentCalls = row.GetInt32(14),
            MicropointsPerDay = row.GetFieldValue<long?>(15),
            MultiplierPpm = row.GetInt32(16),
            Strictness = Enum.Parse<Strictness>(row.GetString(17), ignoreCase: true),
        },
    };

    private const string Find = """
        select k.hash, k.id, k.account_id, k.scopes, k.models, k.ip_ranges, k.expires_at, k.micropoints_per_day,
               s.state, s.until, s.reason,
               p.name, p.requests_per_minute, p.tokens_per_minute, p.concurrent_calls, p.micropoints_per_day, p.multiplier_ppm, p.strictness
        from keys k
        join accounts a on a.id = k.account_id and a.deleted_at is null
        join standings s on s.account_id = a.id
        join plans p on p.name = a.plan
        where k.hash = any($1) and k.revoked_at is null and (k.expires_at is null or k.expires_at > $2)
        """;
}
