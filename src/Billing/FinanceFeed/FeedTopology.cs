using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Aigc2d.Billing.FinanceFeed;

/// <summary>The exchange and queue of the finance feed, declared before the first event so that nothing is lost before finance connects.</summary>
internal static class FeedTopology
{
    public const string Exchange = "billing.events";
    public const string Queue = "finance.billing-events";

    public static async Task<bool> QueueExistsAsync(IConnection connection, CancellationToken ct)
    {
        // A queue that is not there closes the channel that asks.
        await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
        try
        {
            await channel.QueueDeclarePassiveAsync(Queue, ct);
            return true;
        }
        catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return false;
        }
    }

    public static async Task DeclareAsync(IChannel channel, CancellationToken ct)
    {
        await channel.ExchangeDeclareAsync(Exchange, ExchangeType.Topic, durable: true, autoDelete: false, cancellationToken: ct);

        // No delivery limit: finance may reject as often as it likes, an event is never dropped.
        await channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: ct);
        await channel.QueueBindAsync(Queue, Exchange, "billing.#", cancellationToken: ct);
    }
}
