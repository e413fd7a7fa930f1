using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Aigc2d.ServiceDefaults.Messaging;

/// <summary>Looks at queues of the broker without changing anything.</summary>
public static class QueueLook
{
    /// <summary>What the broker says of a queue; null when it is not there.</summary>
    /// <exception cref="OperationInterruptedException">The broker says no, for example because the queue belongs to another connection.</exception>
    public static async Task<QueueDeclareOk?> FindQueueAsync(this IConnection connection, string queue, CancellationToken ct)
    {
        // A queue that is not there closes the channel that asks.
        await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
        try
        {
            return await channel.QueueDeclarePassiveAsync(queue, ct);
        }
        catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return null;
        }
    }
}
