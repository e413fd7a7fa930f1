using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.ProviderAdapters.Channels;

/// <summary>The columns of a channel as operators see it, and the statements that go with each change of one.</summary>
internal static class ChannelRow
{
    public const string Columns = "id, provider, name, base_url, models::text, priority, weight, state, credential_last4, region, limits::text, price_overrides::text";

    private const string NoteModels = "insert into listed_models (name) select unnest($1) on conflict do nothing";
    private const string Notify = $"select pg_notify('{ChannelDirectory.Changed}', '')";
    private const int ShortestShown = 8;

    public static ChannelResponse Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        Provider = row.GetString(1),
        Name = row.GetString(2),
        BaseUrl = row.GetString(3),
        Models = JsonSerializer.Deserialize<ChannelModel[]>(row.GetString(4), JsonSerializerOptions.Web)!,
        Priority = row.GetInt32(5),
        Weight = row.GetInt32(6),
        State = row.GetString(7),
        CredentialLast4 = row.GetString(8),
        Region = row.IsDBNull(9) ? null : row.GetString(9),
        Limits = JsonSerializer.Deserialize<ChannelLimits>(row.GetString(10), JsonSerializerOptions.Web)!,
        PriceOverrides = JsonSerializer.Deserialize<Dictionary<string, ModelCost>>(row.GetString(11), JsonSerializerOptions.Web)!,
    };

    /// <summary>Four characters would be half of a very short credential: then none is shown.</summary>
    public static string Last4(string credential) => credential.Length < ShortestShown ? "****" : credential[^4..];

    public static string WithoutSlash(string baseUrl) => baseUrl.TrimEnd('/');

    /// <summary>A member that is kept as JSON; null when it was not given.</summary>
    public static NpgsqlParameter Json<T>(T? value)
        where T : class => Value(value is null ? null : JsonSerializer.Serialize(value, JsonSerializerOptions.Web), NpgsqlDbType.Jsonb);

    public static NpgsqlParameter Value(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    /// <summary>Runs a change in one transaction with the note of its models and the word to the other replicas; answers the changed channel.</summary>
    public static async Task<ChannelResponse?> ChangeAsync(NpgsqlDataSource db, NpgsqlBatchCommand change, ChannelModel[]? models, CancellationToken ct)
    {
        await using var batch = db.CreateBatch();
        batch.BatchCommands.Add(change);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(NoteModels)
        {
            Parameters = { Value((models ?? []).Select(model => model.Name).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text) },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Notify));
        await using var reader = await batch.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? Read(reader) : null;
    }
}
