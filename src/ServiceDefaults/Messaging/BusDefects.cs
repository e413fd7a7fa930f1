using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Aigc2d.ServiceDefaults.Messaging;

/// <summary>Finds out that the bus does not work although the broker does, which it asks on a connection of its own.</summary>
internal sealed class BusDefects(BrokerAddress broker, BusEndpoints endpoints, BusWatch watch)
{
    /// <summary>For how long a defect must be seen, at every look: a bus that starts or comes back needs less.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2.5);

    /// <summary>Waits until a queue of ours has had no consumer, or sending has failed, for <see cref="Patience"/>; answers which. A broker that is away is no defect.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public async Task<string> NextAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await using var connection = await broker.ConnectionFactory("watch").CreateConnectionAsync(ct);
                return await NextAsync(connection, ct);
            }
            catch (Exception) when (!ct.IsCancellationRequested)
            {
                await Task.Delay(Pause, ct);
            }
        }
    }

    private async Task<string> NextAsync(IConnection connection, CancellationToken ct)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        while (true)
        {
            var defects = await LookAsync(connection, ct);
            seen = defects.ToDictionary(defect => defect, defect => seen.GetValueOrDefault(defect) + 1, StringComparer.Ordinal);
            if (seen.FirstOrDefault(defect => defect.Value > Patience / Pause).Key is { } lasting) return lasting;

            await Task.Delay(Pause, ct);
        }
    }

    private async Task<List<string>> LookAsync(IConnection connection, CancellationToken ct)
    {
        var defects = new List<string>();
        if (watch.SendingFails) defects.Add("nothing could be sent");
        foreach (var queue in endpoints.All.Select(endpoint => endpoint.Queue).OfType<string>().Union(watch.Queues))
        {
            if (!await HasConsumerAsync(connection, queue, ct)) defects.Add($"nobody has listened on {queue}");
        }

        return defects;
    }

    private static async Task<bool> HasConsumerAsync(IConnection connection, string queue, CancellationToken ct)
    {
        try
        {
            return await connection.FindQueueAsync(queue, ct) is { ConsumerCount: > 0 };
        }
        catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == Constants.ResourceLocked)
        {
            // A queue that lives with the bus's connection is locked to it: it is there as long as that connection is.
            return true;
        }
    }
}
