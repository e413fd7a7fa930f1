using System.Collections.Concurrent;
using Aigc2d.Contracts.Providers;
using Aigc2d.TestKit;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Aigc2d.ServiceDefaults.Tests;

/// <summary>What a process has taken off a queue and cannot finish before it stops goes to the next one; it is never parked for that.</summary>
public sealed class StopTests(ServiceFixture fixture)
{
    private const string Queue = "probe.stops";

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(200)]
    public async Task A_process_that_is_stopped_while_it_starts_takes_nothing_afterwards(int milliseconds)
    {
        var (database, broker, seen) = (fixture.NewDatabase(), await fixture.NewVirtualHostAsync(), new Seen());
        await using var first = await StartAsync(database, broker, seen);
        await using (await StartAsync(database, broker, seen)) await Task.Delay(milliseconds);

        var messages = Enumerable.Range(0, 20).Select(_ => ServiceTests.Usage()).ToArray();
        foreach (var message in messages) await ServiceTests.StageAsync(first, message, commit: true);

        await Eventually.Equal(20, () => Task.FromResult(messages.Count(message => seen.Requests.Contains(message.RequestId))));
    }

    [Fact]
    public async Task A_process_that_is_stopped_in_an_outage_leaves_its_messages_to_the_next()
    {
        var (database, broker, message) = (fixture.NewDatabase(), await fixture.NewVirtualHostAsync(), ServiceTests.Usage());
        var away = new Seen { IsAway = true };
        await using (var first = await StartAsync(database, broker, away))
        {
            await ServiceTests.StageAsync(first, message, commit: true);
            await Eventually.True(() => away.Requests.Contains(message.RequestId));
        }

        var seen = new Seen();
        await using var second = await StartAsync(database, broker, seen);

        await Eventually.True(() => seen.Requests.Contains(message.RequestId));
    }

    private static Task<ServiceUnderTest> StartAsync(string database, string broker, Seen seen) =>
        ServiceFixture.StartAsync(database, broker, bus => bus.AddConsumerOn<SeeingConsumer>(Queue), builder => builder.Services.AddSingleton(seen));

    internal sealed class Seen
    {
        public ConcurrentBag<Guid> Requests { get; } = [];

        public bool IsAway { get; init; }
    }

    internal sealed class SeeingConsumer(Seen seen) : IConsumer<UsageRecorded>
    {
        public Task Consume(ConsumeContext<UsageRecorded> context)
        {
            seen.Requests.Add(context.Message.RequestId);
            return seen.IsAway ? throw new NpgsqlException("no answer", new IOException()) : Task.CompletedTask;
        }
    }
}
