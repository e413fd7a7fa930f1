using Aigc2d.TestKit;

namespace Aigc2d.AppHost.Tests.Hosting;

/// <summary>However an AppHost ends, nothing that it started survives it.</summary>
public sealed class EndOfHostTests
{
    [Fact]
    public async Task A_host_that_is_killed_leaves_no_process_behind_not_even_a_stubborn_one_or_a_stray()
    {
        await using var host = await FixtureHost.StartAsync(("Stubborn", "yes"));
        Assert.InRange(Processes.StartedWith(host.Mark).Length, 7, int.MaxValue); // host, watchdog, two services, bash and two sleeps

        host.Process.Kill();

        await Eventually.Equal(0, () => Task.FromResult(Processes.StartedWith(host.Mark).Length), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_host_that_is_asked_to_stop_ends_with_0_after_everything_else()
    {
        await using var host = await FixtureHost.StartAsync();

        Signals.Send(host.Process.Id, Signals.Terminate);

        await host.Process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, host.Process.ExitCode);
        await Eventually.Equal(0, () => Task.FromResult(Processes.StartedWith(host.Mark).Length), TimeSpan.FromSeconds(5));
    }
}
