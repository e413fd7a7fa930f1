using System.Net;
using System.Net.Sockets;
using System.Text;
using Aigc2d.AppHost.Servers;
using Aigc2d.TestKit;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aigc2d.AppHost.Tests.Servers;

/// <summary>A server is healthy when it serves, not when it merely listens.</summary>
public sealed class ProbeTests
{
    private const string LoginRequest = "\0\0\0\u0027\0\u0003\0\0user\0aigc2d\0database\0postgres\0\0";

    [Theory]
    [InlineData("R", HealthStatus.Healthy)]
    [InlineData("E", HealthStatus.Unhealthy)]
    [InlineData("", HealthStatus.Unhealthy)]
    public async Task PostgreSQL_is_healthy_when_it_asks_for_the_password(string answer, HealthStatus expected)
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();

        var checking = PostgresProbe.CheckAsync(((IPEndPoint)server.LocalEndpoint).Port, TestContext.Current.CancellationToken);
        var request = new byte[LoginRequest.Length];
        using (var client = await server.AcceptTcpClientAsync(TestContext.Current.CancellationToken))
        {
            await client.GetStream().ReadExactlyAsync(request, TestContext.Current.CancellationToken);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer), TestContext.Current.CancellationToken);
        }

        Assert.Equal(expected, (await checking).Status);
        Assert.Equal(LoginRequest, Encoding.ASCII.GetString(request));
    }

    [Fact]
    public async Task A_server_that_does_not_listen_is_unhealthy()
    {
        var port = TestSockets.FreePort();

        Assert.Equal(HealthStatus.Unhealthy, (await PostgresProbe.CheckAsync(port, TestContext.Current.CancellationToken)).Status);
        Assert.Equal(HealthStatus.Unhealthy, (await ListenerProbe.CheckAsync(port, TestContext.Current.CancellationToken)).Status);
    }

    [Fact]
    public async Task A_broker_that_listens_is_healthy()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();

        Assert.Equal(HealthStatus.Healthy, (await ListenerProbe.CheckAsync(((IPEndPoint)server.LocalEndpoint).Port, TestContext.Current.CancellationToken)).Status);
    }
}
