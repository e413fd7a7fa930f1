using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Aigc2d.AppHost.LocalRuns;
using Aigc2d.TestKit;

namespace Aigc2d.AppHost.Tests.LocalRuns;

/// <summary>What stands in the way of a start is named before anything starts.</summary>
public sealed class StartCheckTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly RunSettings _settings;

    public StartCheckTests() => _settings = new RunSettings { Port = TestSockets.FreeRange(20), ArtifactsDirectory = _folder.Path, Infrastructure = "local" };

    [Theory]
    [InlineData(0, "public API")]
    [InlineData(1, "admin API")]
    [InlineData(2, "Sandbox")]
    [InlineData(3, "operator")]
    [InlineData(4, "PostgreSQL")]
    [InlineData(10, "RabbitMQ")]
    [InlineData(13, "RabbitMQ")]
    public async Task A_taken_port_is_named_with_its_use(int offset, string use)
    {
        using var other = new TcpListener(IPAddress.Loopback, _settings.Port + offset);
        other.Start();

        var failure = await Assert.ThrowsAsync<StartFailure>(() => PortCheck.RequireFreeAsync(_settings, TimeSpan.Zero, TimeProvider.System));

        Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"port {_settings.Port + offset} ({use}) is taken"), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Free_ports_and_those_of_servers_that_run_elsewhere_do_not_matter()
    {
        using var database = new TcpListener(IPAddress.Loopback, _settings.PostgresPort);
        database.Start();

        await PortCheck.RequireFreeAsync(_settings with { Infrastructure = "external" }, TimeSpan.Zero, TimeProvider.System);
    }

    [Fact]
    public async Task A_port_that_a_killed_run_still_holds_is_waited_for()
    {
        using var dying = new TcpListener(IPAddress.Loopback, _settings.Port);
        dying.Start();

        var check = PortCheck.RequireFreeAsync(_settings, TimeSpan.FromSeconds(20), TimeProvider.System);
        Assert.False(check.IsCompleted);
        dying.Stop();

        await check;
    }

    [Fact]
    public void Two_runs_cannot_share_their_artifacts()
    {
        using (RunLock.Take(_settings))
        {
            Assert.StartsWith($"another run is using {_folder.Path}", Assert.Throws<StartFailure>(() => RunLock.Take(_settings)).Message, StringComparison.Ordinal);
        }

        RunLock.Take(_settings).Dispose();
    }

    public void Dispose() => _folder.Dispose();
}
