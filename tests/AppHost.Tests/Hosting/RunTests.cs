using System.Globalization;
using Aigc2d.TestKit;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aigc2d.AppHost.Tests.Hosting;

/// <summary>Processes start in their order, know their addresses, are seen to end, and stop with all that they started.</summary>
public sealed class RunTests
{
    [Fact]
    public async Task A_resource_starts_when_what_it_waits_for_is_healthy_and_not_before()
    {
        var healthy = false;
        await using var app = await RunningApplication.StartAsync(builder =>
        {
            builder.Services.AddHealthChecks().AddCheck("server_ready", () => Volatile.Read(ref healthy) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("not yet"));
            var server = builder.AddExecutable("server", "sleep", ".", "1000").WithHealthCheck("server_ready");
            var database = builder.AddConnectionString("db", ReferenceExpression.Create($"Database=db")).WaitFor(server);
            builder.AddExecutable("service", "sleep", ".", "1000").WaitFor(database);
        });
        await app.UntilAsync("server", snapshot => snapshot.HealthReports is [{ Description: "not yet" }]);
        Assert.Equal(HealthStatus.Unhealthy, app["server"].HealthStatus);
        Assert.Equal(KnownResourceStates.Waiting, app["service"].State?.Text);

        Volatile.Write(ref healthy, true);

        var service = await app.UntilStateAsync("service", KnownResourceStates.Running);
        Assert.Equal(HealthStatus.Healthy, app["server"].HealthStatus);
        Assert.True(service.StartTimeStamp > app["server"].StartTimeStamp);
    }

    [Fact]
    public async Task Ports_are_known_before_any_environment_is_worked_out()
    {
        var port = TestSockets.FreePort();
        await using var app = await RunningApplication.StartAsync(builder =>
        {
            var later = builder.AddExecutable("later", "true", ".").WithHttpEndpoint();
            builder.AddExecutable("early", "bash", ".", "-c", "echo $PORT $LATER")
                .WithEndpoint(port: port, scheme: "tcp", env: "PORT", isProxied: false)
                .WithEnvironment("LATER", later.GetEndpoint("http"));
        });

        await app.UntilStateAsync("early", KnownResourceStates.Finished);
        var words = (await app.LinesAsync("early"))[0].Split(' ');
        Assert.Equal(port.ToString(CultureInfo.InvariantCulture), words[0]);
        Assert.InRange(new Uri(words[1]).Port, 20_000, 32_000);
    }

    [Fact]
    public async Task A_crash_is_seen_with_its_exit_code_and_last_words()
    {
        await using var app = await RunningApplication.StartAsync(builder => builder.AddExecutable("service", "bash", ".", "-c", "echo working; echo out of luck >&2; exit 3"));

        var end = await app.UntilStateAsync("service", KnownResourceStates.Finished);

        Assert.Equal(3, end.ExitCode);
        Assert.NotNull(end.StopTimeStamp);
        Assert.Empty(end.Properties);
        Assert.Null(end.HealthStatus);
        Assert.Equal(["ended with exit code 3", "out of luck", "working"], (await app.LinesAsync("service")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_cannot_be_started_has_failed_and_the_rest_runs()
    {
        await using var app = await RunningApplication.StartAsync(builder =>
        {
            builder.AddExecutable("homeless", "true", "/no/such/folder");
            builder.AddExecutable("service", "sleep", ".", "1000");
        });

        await app.UntilStateAsync("homeless", KnownResourceStates.FailedToStart);
        await app.UntilStateAsync("service", KnownResourceStates.Running);
        Assert.Contains("'homeless' cannot be started", (await app.LinesAsync("homeless"))[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_killed_resource_is_seen_at_once_takes_its_children_along_and_starts_again()
    {
        await using var app = await RunningApplication.StartAsync(builder => builder.AddExecutable("service", "bash", ".", "-c", "setsid sleep 1001 & sleep 1001 & echo $!; wait"));
        await Eventually.True(async () => (await app.LinesAsync("service")).Length == 1);
        var (leader, child) = (app.Pid("service"), int.Parse((await app.LinesAsync("service"))[0], CultureInfo.InvariantCulture));
        var mark = Processes.Variable(leader, "ASPIRE_COMPAT_RUN");

        Processes.Kill(leader);

        var end = await app.UntilStateAsync("service", KnownResourceStates.Finished);
        Assert.Equal(137, end.ExitCode);
        Assert.False(Processes.IsAlive(child));
        Assert.Empty(Processes.StartedWith(mark));
        Assert.True((await app.CommandAsync("service", KnownResourceCommands.StartCommand)).Success);
        Assert.Equal(KnownResourceStates.Running, app["service"].State?.Text);
        Assert.NotEqual(leader, app.Pid("service"));
    }

    [Fact]
    public async Task Commands_stop_start_and_restart_and_refuse_what_makes_no_sense()
    {
        await using var app = await RunningApplication.StartAsync(builder => builder.AddExecutable("service", "sleep", ".", "1000"));
        await app.UntilStateAsync("service", KnownResourceStates.Running);
        var first = app.Pid("service");

        var startedTwice = await app.CommandAsync("service", KnownResourceCommands.StartCommand);
        var restarted = await app.CommandAsync("service", KnownResourceCommands.RestartCommand);
        var second = app.Pid("service");
        var stopped = await app.CommandAsync("service", KnownResourceCommands.StopCommand);
        var unknown = await app.CommandAsync("service", "explode");

        Assert.Equal((false, "'service' is already running."), (startedTwice.Success, startedTwice.Message));
        Assert.True(restarted.Success);
        Assert.True(stopped.Success);
        Assert.Equal(KnownResourceStates.Finished, app["service"].State?.Text);
        Assert.Equal((false, "Command 'explode' not available for resource 'service'."), (unknown.Success, unknown.Message));
        Assert.Equal([false, false], new[] { first, second }.Select(Processes.IsAlive));
    }

    [Fact]
    public async Task A_stop_ends_a_resource_that_still_waits()
    {
        await using var app = await RunningApplication.StartAsync(builder =>
        {
            builder.Services.AddHealthChecks().AddCheck("never", () => HealthCheckResult.Unhealthy());
            var server = builder.AddExecutable("server", "sleep", ".", "1000").WithHealthCheck("never");
            builder.AddExecutable("service", "sleep", ".", "1000").WaitFor(server);
        });
        await app.UntilStateAsync("service", KnownResourceStates.Waiting);

        Assert.True((await app.CommandAsync("service", KnownResourceCommands.StopCommand)).Success);
        Assert.Equal(KnownResourceStates.NotStarted, app["service"].State?.Text);
    }

    [Fact]
    public async Task Whoever_waited_stops_first()
    {
        await using var app = await RunningApplication.StartAsync(builder =>
        {
            var server = builder.AddExecutable("server", "bash", ".", "-c", "trap 'exit 0' TERM; sleep 1000 & wait");
            var database = builder.AddConnectionString("db", ReferenceExpression.Create($"Database=db")).WaitFor(server);
            builder.AddExecutable("service", "bash", ".", "-c", "trap 'sleep 0.3; exit 0' TERM; echo up; sleep 1000 & wait").WaitFor(database);
        });
        await Eventually.True(async () => (await app.LinesAsync("service")).Length == 1);

        await app.StopAsync();

        Assert.Equal((0, 0), (app["server"].ExitCode, app["service"].ExitCode));
        Assert.True(app["service"].StopTimeStamp < app["server"].StopTimeStamp);
    }

    [Fact]
    public async Task A_resource_that_ignores_the_request_to_stop_is_killed_after_the_grace()
    {
        var app = await RunningApplication.StartAsync(builder => builder.AddExecutable("service", "bash", ".", "-c", "trap '' TERM; echo up; sleep 1000"));
        await Eventually.True(async () => (await app.LinesAsync("service")).Length == 1);
        var pid = app.Pid("service");

        await app.DisposeAsync();

        Assert.False(Processes.IsAlive(pid));
    }
}
