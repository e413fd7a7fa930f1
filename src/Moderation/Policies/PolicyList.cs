using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Screenings;
using Npgsql;

namespace Aigc2d.Moderation.Policies;

/// <summary>The policies in memory. Screening takes <see cref="Current"/> and never waits; what is read from the database replaces it whole.</summary>
internal sealed class PolicyList(NpgsqlDataSource db, TextScreener screener, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private volatile PolicySnapshot _current = PolicySnapshot.BuiltIn(screener.Thresholds);
    private volatile bool _isRead;

    /// <summary>What is in force; what the service is built with until the database has been read once.</summary>
    public PolicySnapshot Current => _current;

    /// <summary>Whether the database has been read since the service started.</summary>
    public bool IsRead => _isRead;

    /// <summary>Takes in what has been added since, and what has begun.</summary>
    public async Task<PolicySnapshot> RefreshAsync(CancellationToken ct)
    {
        // One at a time: what was read earlier must not replace what was read later.
        await _turn.WaitAsync(ct);
        try
        {
            var (version, addedAt) = await NewestAsync(ct);
            // Rows begin by the database's clock: where ours is behind it, what was added has begun all the same.
            var now = time.GetUtcNow() is var ours && ours > addedAt ? ours : addedAt;
            if (!_isRead || version != _current.Version) _current = await ReadAsync(version, now, ct);
            else if (_current.NextChange <= now) _current = _current.At(now);
            _isRead = true;
            return _current;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<(long Version, DateTimeOffset AddedAt)> NewestAsync(CancellationToken ct)
    {
        await using var command = db.CreateCommand("select version, added_at from policy_versions order by version desc limit 1");
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? (reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1)) : (0, DateTimeOffset.UnixEpoch);
    }

    private async Task<PolicySnapshot> ReadAsync(long newest, DateTimeOffset now, CancellationToken ct)
    {
        var rows = new List<Policy>();
        await using var command = db.CreateCommand(Read);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            rows.Add(new Policy
            {
                Version = reader.GetInt64(0),
                Category = reader.GetString(1),
                Stage = Enum.Parse<ScreeningStage>(reader.GetString(2), ignoreCase: true),
                EffectiveFrom = reader.GetFieldValue<DateTimeOffset>(3),
                BlockAt = reader.GetFieldValue<decimal?>(4),
                ReviewAt = reader.GetFieldValue<decimal?>(5),
                OnRuleHit = Enum.Parse<VerdictAction>(reader.GetString(6), ignoreCase: true),
                Strike = reader.GetBoolean(7),
                Reason = reader.GetString(8),
                Actor = reader.GetString(9),
                Action = Enum.Parse<VerdictAction>(reader.GetString(10), ignoreCase: true),
            });
        }

        var embeddings = await ReadEmbeddingsAsync(ct);
        var version = rows.Select(row => row.Version).Concat(embeddings.Select(row => row.Version)).Append(newest).Max();
        return new PolicySnapshot(version, rows, embeddings, screener.Thresholds, now);
    }

    private async Task<List<EmbeddingPolicy>> ReadEmbeddingsAsync(CancellationToken ct)
    {
        var rows = new List<EmbeddingPolicy>();
        await using var command = db.CreateCommand(ReadEmbeddings);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            rows.Add(new EmbeddingPolicy { Version = reader.GetInt64(0), EffectiveFrom = reader.GetFieldValue<DateTimeOffset>(1), Screened = reader.GetBoolean(2), Reason = reader.GetString(3), Actor = reader.GetString(4) });
        return rows;
    }

    private const string Read = """
        select version, p.category, p.stage, p.effective_from, p.block_at, p.review_at, p.on_rule_hit, p.strike, p.reason, v.actor, p.action
        from policies p join policy_versions v using (version)
        order by p.effective_from desc, version desc
        """;

    private const string ReadEmbeddings = """
        select version, e.effective_from, e.screened, e.reason, v.actor from embedding_policies e join policy_versions v using (version) order by e.effective_from desc, version desc
        """;
}
