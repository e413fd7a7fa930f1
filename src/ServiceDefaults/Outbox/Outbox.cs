using System.Diagnostics;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.ServiceDefaults.Outbox;

/// <summary>Stages messages in the caller's transaction: state and announcement commit together or not at all.</summary>
public static class Outbox
{
    private static readonly JsonSerializerOptions Json = ServiceExtensions.ApplyTo(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    /// <summary>Adds one insert for all <paramref name="messages"/> to a batch that runs in the caller's transaction; adds nothing when there are none.</summary>
    public static void Stage<T>(NpgsqlBatch batch, IReadOnlyCollection<T> messages)
        where T : class
    {
        if (messages.Count == 0) return;

        var command = new NpgsqlBatchCommand(Insert);
        foreach (var parameter in Parameters(messages)) command.Parameters.Add(parameter);
        batch.BatchCommands.Add(command);
    }

    /// <summary>Inserts <paramref name="messages"/> in the caller's transaction.</summary>
    public static async Task StageAsync<T>(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<T> messages, CancellationToken ct)
        where T : class
    {
        if (messages.Count == 0) return;

        await using var command = new NpgsqlCommand(Insert, connection, transaction);
        foreach (var parameter in Parameters(messages)) command.Parameters.Add(parameter);
        await command.ExecuteNonQueryAsync(ct);
    }

    internal static object Deserialize(string body, Type type) =>
        JsonSerializer.Deserialize(body, type, Json) ?? throw new JsonException($"A staged {type.Name} is null.");

    private static IEnumerable<NpgsqlParameter> Parameters<T>(IReadOnlyCollection<T> messages) =>
    [
        new() { Value = messages.Select(_ => Guid.CreateVersion7()).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
        new() { Value = messages.Select(message => JsonSerializer.Serialize(message, Json)).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb },
        new() { Value = typeof(T).FullName!, NpgsqlDbType = NpgsqlDbType.Text },
        new() { Value = (object?)Activity.Current?.Id ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
    ];

    private const string Insert = """
        insert into outbox_messages (message_id, body, message_type, trace_parent)
        select m.id, m.body, $3, $4 from unnest($1, $2) with ordinality as m(id, body, position) order by m.position
        """;
}
