using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Aigc2d.Contracts.Providers;
using Aigc2d.ServiceDefaults.Postgres;
using Aigc2d.TestKit;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Aigc2d.ServiceDefaults.Tests;

/// <summary>A message whose database is away waits for it; it is never parked for that.</summary>
public sealed class OutageTests(ServiceFixture fixture)
{
    [Theory]
    [InlineData(PostgresErrorCodes.AdminShutdown, true)]
    [InlineData(PostgresErrorCodes.CrashShutdown, true)]
    [InlineData(PostgresErrorCodes.CannotConnectNow, true)]
    [InlineData(PostgresErrorCodes.QueryCanceled, true)]
    [InlineData(PostgresErrorCodes.DiskFull, true)]
    [InlineData(PostgresErrorCodes.LockNotAvailable, true)]
    [InlineData(PostgresErrorCodes.UniqueViolation, false)]
    [InlineData(PostgresErrorCodes.NumericValueOutOfRange, false)]
    public void What_the_server_says_tells_an_outage_from_bad_data(string sqlState, bool isOutage) =>
        Assert.Equal(isOutage, PostgresErrors.IsOutage(new PostgresException("", "ERROR", "ERROR", sqlState)));

    [Fact]
    public async Task A_request_that_meets_an_outage_is_told_to_come_again_and_one_that_meets_a_bug_is_not()
    {
        await using var service = await ServiceFixture.StartAsync(fixture.NewDatabase(), await fixture.NewVirtualHostAsync());

        using var outage = await service.Client.GetAsync(new Uri($"/internal/fails/{PostgresErrorCodes.CannotConnectNow}", UriKind.Relative));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "1"), (outage.StatusCode, outage.Headers.RetryAfter?.ToString()));
        Assert.EndsWith("/unavailable", JsonSerializer.Deserialize<JsonElement>(await outage.Content.ReadAsStringAsync()).GetProperty("type").GetString(), StringComparison.Ordinal);

        using var bug = await service.Client.GetAsync(new Uri($"/internal/fails/{PostgresErrorCodes.UniqueViolation}", UriKind.Relative));
        Assert.Equal((HttpStatusCode.InternalServerError, null), (bug.StatusCode, bug.Headers.RetryAfter));
    }

    [Fact]
    public async Task An_outage_is_waited_for_also_when_something_else_has_failed_before()
    {
        var failures = new Failures(
            new InvalidOperationException("the connection was broken under us"),
            new NpgsqlException("no answer", new IOException()),
            new NpgsqlException("no answer", new IOException()),
            new InvalidOperationException("the connection was broken under us"));
        await using var service = await ServiceFixture.StartAsync(
            fixture.NewDatabase(), await fixture.NewVirtualHostAsync(), bus => bus.AddConsumerOn<UnluckyConsumer>("probe.unlucky"), builder => builder.Services.AddSingleton(failures));

        await ServiceTests.StageAsync(service, ServiceTests.Usage(), commit: true);

        await Eventually.True(() => failures.IsOver);
    }

    internal sealed class Failures(params Exception[] exceptions)
    {
        private readonly ConcurrentQueue<Exception> _exceptions = new(exceptions);

        public bool IsOver { get; private set; }

        public void Next()
        {
            if (_exceptions.TryDequeue(out var exception)) throw exception;
            IsOver = true;
        }
    }

    internal sealed class UnluckyConsumer(Failures failures) : IConsumer<UsageRecorded>
    {
        public Task Consume(ConsumeContext<UsageRecorded> context)
        {
            failures.Next();
            return Task.CompletedTask;
        }
    }
}
