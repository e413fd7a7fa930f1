using System.Text.Json;
using Aigc2d.TestKit;
using RabbitMQ.Client;

namespace Aigc2d.EndToEnd.Tests;

/// <summary>Finance reads charges with a plain AMQP client.</summary>
public sealed class FinanceQueueTests(Suite suite)
{
    [Fact]
    public async Task The_queue_and_the_replay_show_the_same_charge()
    {
        var (account, key) = await suite.CustomerAsync(10_000_000);
        var model = await suite.ModelAsync("input=11,output=9");
        using var answer = await suite.ChatAsync(key, model);
        answer.EnsureSuccessStatusCode();
        var requestId = answer.Headers.GetValues("x-request-id").Single();

        var factory = new ConnectionFactory { Uri = new Uri(suite["AIGC2D_RABBITMQ_URL"]) };
        await using var connection = await factory.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        JsonElement queued = default;
        await Eventually.True(async () =>
        {
            while (await channel.BasicGetAsync("finance.billing-events", autoAck: true) is { } message)
            {
                var body = JsonSerializer.Deserialize<JsonElement>(message.Body.Span);
                if (body.GetProperty("data").TryGetProperty("requestId", out var id) && id.GetString() == requestId) queued = body;
            }

            return queued.ValueKind == JsonValueKind.Object;
        });

        Assert.Equal(-Charges.PriceOf(11, 9), queued.GetProperty("data").GetProperty("amountMicropoints").GetInt64());
        Assert.Equal((await suite.ChargesOfAsync(account)).Single().GetRawText(), queued.GetRawText());
    }
}
