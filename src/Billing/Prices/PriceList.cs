using Npgsql;

namespace Aigc2d.Billing.Prices;

/// <summary>All price rows in memory, as of one version. Rows are only added, so a version's rows never change.</summary>
internal sealed class PriceList(NpgsqlDataSource db)
{
    private volatile Snapshot _snapshot = new(0, new Dictionary<string, Price[]>(StringComparer.Ordinal));

    /// <summary>The list at <paramref name="version"/> or newer; read from the database only when a newer version than the one in memory is asked for.</summary>
    public async ValueTask<Snapshot> AtAsync(long version, CancellationToken ct) =>
        _snapshot is { } snapshot && snapshot.Version >= version ? snapshot : _snapshot = await ReadAsync(ct);

    /// <summary>The list as the database has it now.</summary>
    public async Task<Snapshot> NowAsync(CancellationToken ct) => _snapshot = await ReadAsync(ct);

    private async Task<Snapshot> ReadAsync(CancellationToken ct)
    {
        var prices = new List<Price>();
        await using var command = db.CreateCommand(Read);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) prices.Add(PriceOf(reader));

        var byModel = prices.GroupBy(price => price.Model, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
        return new(prices.Count == 0 ? 0 : prices.Max(price => price.Version), byModel);
    }

    private static Price PriceOf(NpgsqlDataReader row) => new()
    {
        Version = row.GetInt64(0),
        Model = row.GetString(1),
        EffectiveFrom = row.GetFieldValue<DateTimeOffset>(2),
        InputMicropointsPer1k = row.GetInt64(3),
        OutputMicropointsPer1k = row.GetInt64(4),
        CachedInputMicropointsPer1k = row.IsDBNull(5) ? null : row.GetInt64(5),
        ContextTokens = row.GetInt32(6),
        MaxOutputTokens = row.GetInt32(7),
        HoldOutputTokens = row.IsDBNull(8) ? null : row.GetInt32(8),
    };

    // Newest first: the first row that has begun is in force.
    private const string Read = """
        select version, model, effective_from, input_micropoints_per_1k, output_micropoints_per_1k, cached_input_micropoints_per_1k,
            context_tokens, max_output_tokens, hold_output_tokens
        from prices order by model, effective_from desc, version desc
        """;

    /// <summary>The rows of every model, newest first.</summary>
    internal sealed record Snapshot(long Version, IReadOnlyDictionary<string, Price[]> ByModel)
    {
        /// <summary>The row in force for a model at a time of the database's clock, or null.</summary>
        public Price? InForce(string model, DateTimeOffset at) =>
            ByModel.TryGetValue(model, out var rows) ? Array.Find(rows, row => row.EffectiveFrom <= at) : null;

        /// <summary>The row that a hold has pinned.</summary>
        public Price? Pinned(string model, long version) =>
            ByModel.TryGetValue(model, out var rows) ? Array.Find(rows, row => row.Version == version) : null;
    }
}
