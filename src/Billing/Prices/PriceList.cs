using System.Text.Json;
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
        while (await reader.ReadAsync(ct)) prices.Add(JsonSerializer.Deserialize<Price>(reader.GetString(0), PriceJson.Options)!);

        var byModel = prices.GroupBy(price => price.Model, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
        return new(prices.Count == 0 ? 0 : prices.Max(price => price.Version), byModel);
    }

    // Newest first: the first row that has begun is in force. A row is one JSON object with the names that operators write.
    private const string Read = """
        select (jsonb_strip_nulls(jsonb_build_object(
            'version', version,
            'model', model,
            'effectiveFrom', effective_from,
            'inputMicropointsPer1k', input_micropoints_per_1k,
            'outputMicropointsPer1k', output_micropoints_per_1k,
            'cachedInputMicropointsPer1k', cached_input_micropoints_per_1k,
            'contextTokens', context_tokens,
            'maxOutputTokens', max_output_tokens,
            'holdOutputTokens', hold_output_tokens)) || coalesce(rates, '{}'))::text
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
