using System.Text.Json;
using Aigc2d.Billing.FinanceFeed;
using Aigc2d.TestKit;
using Npgsql;
using YamlDotNet.Serialization;

namespace Aigc2d.Billing.Tests.FinanceFeed;

/// <summary>What <c>docs/finance-feed</c> promises: the AsyncAPI document and a schema per type.</summary>
internal static class FeedDocument
{
    private static readonly string Folder = Path.Combine(Repository.Root, "docs/finance-feed");

    /// <summary>The schemas by the type they describe.</summary>
    public static IReadOnlyDictionary<string, JsonElement> Schemas { get; } = Directory.EnumerateFiles(Folder, "*.schema.json")
        .Select(file => JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(file)))
        .ToDictionary(schema => schema.GetProperty("properties").GetProperty("type").GetProperty("const").GetString()!);

    public static IEnumerable<string> SchemaFiles => Directory.EnumerateFiles(Folder, "*.schema.json").Select(file => $"./{Path.GetFileName(file)}").Order(StringComparer.Ordinal);

    /// <summary>The AsyncAPI document as JSON.</summary>
    public static JsonElement AsyncApi()
    {
        var yaml = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize<object>(File.ReadAllText(Path.Combine(Folder, "asyncapi.yaml")));
        return JsonSerializer.Deserialize<JsonElement>(new SerializerBuilder().JsonCompatible().Build().Serialize(yaml));
    }

    /// <summary>What is wrong with an event by the schema of its type.</summary>
    public static IEnumerable<string> Faults(JsonElement cloudEvent)
    {
        var type = cloudEvent.GetProperty("type").GetString()!;
        return Schemas.TryGetValue(type, out var schema) ? JsonSchemaCheck.Faults(schema, cloudEvent).Select(fault => $"{type} {fault}: {cloudEvent.GetRawText()}") : [$"{type} has no schema"];
    }

    /// <summary>Every event of a database, at most 2,000 of each type and the newest, is as its schema says.</summary>
    public static async Task AssertDescribesAllAsync(NpgsqlDataSource db)
    {
        var faults = new List<string>();
        await using var command = db.CreateCommand(Newest);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) faults.AddRange(Faults(JsonSerializer.Deserialize<JsonElement>(CloudEvents.Of(reader).Json)));
        Assert.True(faults.Count == 0, string.Join('\n', faults.Take(10)));
    }

    private const string Newest = $"""
        {CloudEvents.Select}
        where seq in (select seq from (select seq, row_number() over (partition by type order by seq desc) as age from billing_events) ranked where age <= 2000)
        """;
}
