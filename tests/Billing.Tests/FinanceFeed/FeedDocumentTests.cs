using System.Text.Json;
using System.Text.RegularExpressions;
using Aigc2d.Billing.FinanceFeed;
using Aigc2d.Billing.Settlements;
using Aigc2d.TestKit;

namespace Aigc2d.Billing.Tests.FinanceFeed;

/// <summary>The document for finance says what the code does.</summary>
public sealed partial class FeedDocumentTests
{
    [Fact]
    public void The_channels_are_the_exchange_and_the_queue_that_the_code_declares()
    {
        var channels = FeedDocument.AsyncApi().GetProperty("channels");
        var exchange = channels.GetProperty("events");
        var queue = channels.GetProperty("queue");

        Assert.Equal(
            (FeedTopology.Exchange, FeedTopology.Exchange, "topic", true),
            (exchange.GetProperty("address").GetString(), Binding(exchange, "exchange").GetProperty("name").GetString(), Binding(exchange, "exchange").GetProperty("type").GetString(), Binding(exchange, "exchange").GetProperty("durable").GetBoolean()));
        Assert.Equal(
            (FeedTopology.Queue, FeedTopology.Queue, true),
            (queue.GetProperty("address").GetString(), Binding(queue, "queue").GetProperty("name").GetString(), Binding(queue, "queue").GetProperty("durable").GetBoolean()));
    }

    [Fact]
    public void Every_type_that_the_code_announces_is_a_message_with_a_schema_of_its_own()
    {
        var document = FeedDocument.AsyncApi();
        var messages = document.GetProperty("components").GetProperty("messages").EnumerateObject().ToDictionary(message => message.Name, message => message.Value);
        var announced = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src/Billing"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => TypeInCode().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value).Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(announced, messages.Values.Select(message => message.GetProperty("name").GetString()!).Order(StringComparer.Ordinal));
        Assert.Equal(announced, FeedDocument.Schemas.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(
            FeedDocument.SchemaFiles,
            messages.Values.Select(message => message.GetProperty("payload").GetProperty("schema").GetProperty("$ref").GetString()!).Order(StringComparer.Ordinal));
        foreach (var channel in document.GetProperty("channels").EnumerateObject())
        {
            Assert.Equal(
                messages.Keys.Select(name => $"#/components/messages/{name}").Order(StringComparer.Ordinal),
                channel.Value.GetProperty("messages").EnumerateObject().Select(message => message.Value.GetProperty("$ref").GetString()!).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void An_event_that_is_not_as_documented_is_found()
    {
        var told = JsonSerializer.Deserialize<Dictionary<string, object>>("""
            {"specversion":"1.0","id":"0199f5a0-0000-7000-8000-000000000001","source":"/aigc2d/billing","type":"billing.adjustment.posted.v1",
            "subject":"0199f5a0-0000-7000-8000-000000000002","time":"2026-01-02T03:04:05.678901Z","datacontenttype":"application/json"}
            """)!;
        told["data"] = new
        {
            position = 1,
            accountId = "0199f5a0-0000-7000-8000-000000000002",
            accountSequence = 0,
            transactionId = "nonsense",
            reason = 7,
            approvedBy = (string?)null,
            amountMicropoints = 0.5,
            balanceMicropoints = 1,
            more = 1,
        };

        Assert.Equal(
            ["$.data.accountSequence is below 1", "$.data.amountMicropoints is no \"integer\"", "$.data.more is in no schema", "$.data.reason is no \"string\"", "$.data.requestedBy is missing", "$.data.transactionId is no \"uuid\""],
            JsonSchemaCheck.Faults(FeedDocument.Schemas["billing.adjustment.posted.v1"], JsonSerializer.SerializeToElement(told)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_example_of_the_document_is_a_valid_event_and_its_amount_is_true()
    {
        var document = File.ReadAllText(Path.Combine(Repository.Root, "docs/finance-feed.md"));
        var example = JsonSerializer.Deserialize<JsonElement>(document.Split("```json")[1].Split("```")[0]);
        var charged = example.GetProperty("data").Deserialize<ChargedEvent>(FeedEvent.Json)!;

        Assert.Empty(FeedDocument.Faults(example));
        Assert.Equal(-charged.AmountMicropoints, charged.Rates.PriceOf(charged.ToQuantities(), charged.MultiplierPpm));
    }

    private static JsonElement Binding(JsonElement channel, string kind) => channel.GetProperty("bindings").GetProperty("amqp").GetProperty(kind);

    [GeneratedRegex("\"(billing\\.[a-z.]+\\.v[0-9]+)\"")]
    private static partial Regex TypeInCode();
}
