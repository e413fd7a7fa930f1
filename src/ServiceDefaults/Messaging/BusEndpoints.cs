using MassTransit;

namespace Aigc2d.ServiceDefaults.Messaging;

/// <summary>The consumers of a service and the queues they listen on.</summary>
public sealed class BusEndpoints
{
    internal List<Endpoint> All { get; } = [];

    /// <summary>
    /// Consumes from a durable quorum queue. <paramref name="prefetch"/> messages are handled at once, so that consumers which await one batcher fill its batches.
    /// </summary>
    public void AddConsumerOn<TConsumer>(string queue, int prefetch = 256)
        where TConsumer : class, IConsumer => All.Add(new(queue, typeof(TConsumer), prefetch));

    /// <summary>Consumes broadcasts from a queue that lives and dies with this process: what is missed while it is down has to be found otherwise.</summary>
    public void AddTransientConsumer<TConsumer>()
        where TConsumer : class, IConsumer => All.Add(new(null, typeof(TConsumer), 64));

    internal sealed record Endpoint(string? Queue, Type Consumer, int Prefetch);
}
