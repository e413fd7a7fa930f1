using RabbitMQ.Client;

namespace Aigc2d.Billing.FinanceFeed;

/// <summary>The exchange and queue of the finance feed, declared before the first event so that nothing is lost before finance connects.</summary>
internal static class FeedTopology
{
    public const string Exchange = "billing.events";
    public const string Queue = "finance.billing-events";

    public static async Task DeclareAsync(IChannel channel, CancellationToken ct)
    {
        await channel.ExchangeDeclareAsync(Exchange, ExchangeType.Topic, durable: true, autoDelete: false, cancellationToken: ct);

        // No delivery limit: finance may reject as often as it likes, an event is never dropped.
        await channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: ct);
        await channel.QueueBindAsync(Queue, Exchange, "billing.#", cancellationToken: ct);
    }
}
