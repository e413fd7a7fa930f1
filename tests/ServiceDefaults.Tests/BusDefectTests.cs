using System.Collections.Concurrent;
using Aigc2d.Contracts.Providers;
using Aigc2d.ServiceDefaults.Messaging;
using Aigc2d.TestKit;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Aigc2d.ServiceDefaults.Tests;

/// <summary>A bus that neither listens nor sends any more while its broker is there is replaced without help.</summary>
public sealed class BusDefectTests(ServiceFixture fixture)
{
    [Fact]
    public async Task A_queue_that_nobody_listens_on_any_more_gets_its_consumer_back()
    {
        var seen = new Seen();
        await using var service = await ServiceFixture.StartAsync(
            fixture.NewDatabase(), await fixture.NewVirtualHostAsync(), bus => bus.AddConsumerOn<SeeingConsumer>("probe.deserted"), builder =>
            {
                builder.Services.AddSingleton(seen);
                builder.Services.AddSingleton<IReceiveEndpointObserver>(seen);
            });
        var before = ServiceTests.Usage();
        await ServiceTests.StageAsync(service, before, commit: true);
        await Eventually.True(() => seen.Requests.Contains(before.RequestId));

        await seen.Endpoint!.Stop(CancellationToken.None);
        var after = ServiceTests.Usage();
        await ServiceTests.StageAsync(service, after, commit: true);

        await Eventually.True(() => seen.Requests.Contains(after.RequestId), TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task A_bus_that_cannot_send_although_the_broker_is_there_is_replaced()
    {
        await using var service = await ServiceFixture.StartAsync(
            fixture.NewDatabase(), await fixture.NewVirtualHostAsync(), bus => bus.AddTransientConsumer<SeeingConsumer>(), builder => builder.Services.AddSingleton(new Seen()));
        var (watch, bus) = (service.Services.GetRequiredService<BusWatch>(), service.Services.GetRequiredService<LiveBus>());
        await Eventually.True(() => watch.Queues.Count == 1);
        var (first, queue) = (bus.Current, watch.Queues.Single());
        watch.SendingFails = true;

        await Eventually.True(() => bus.Current != first, TimeSpan.FromSeconds(60));
        // The queue of the first bus has died with it; looked for further, it would be a defect for ever.
        await Eventually.True(() => watch.Queues.Count == 1 && watch.Queues.Single() != queue);
    }

    [Fact]
    public async Task A_bus_whose_broker_is_away_is_left_alone()
    {
        await using var service = await ServiceFixture.StartAsync(fixture.NewDatabase(), "amqp://nobody:nothing@127.0.0.1:1", bus => bus.AddConsumerOn<SeeingConsumer>("probe.away"), builder => builder.Services.AddSingleton(new Seen()));
        service.Services.GetRequiredService<BusWatch>().SendingFails = true;

        using var patience = new CancellationTokenSource(BusDefects.Patience * 1.5);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => service.Services.GetRequiredService<BusDefects>().NextAsync(patience.Token));
    }

    internal sealed class Seen : IReceiveEndpointObserver
    {
        public ConcurrentBag<Guid> Requests { get; } = [];

        public IReceiveEndpoint? Endpoint { get; private set; }

        public Task Ready(ReceiveEndpointReady ready)
        {
            Endpoint = ready.ReceiveEndpoint;
            return Task.CompletedTask;
        }

        public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

        public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

        public Task Faulted(ReceiveEndpointFaulted faulted) => Task.CompletedTask;
    }

    internal sealed class SeeingConsumer(Seen seen) : IConsumer<UsageRecorded>
    {
        public Task Consume(ConsumeContext<UsageRecorded> context)
        {
            seen.Requests.Add(context.Message.RequestId);
            return Task.CompletedTask;
        }
    }
}
