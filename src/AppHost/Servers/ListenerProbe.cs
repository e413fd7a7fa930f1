using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aigc2d.AppHost.Servers;

/// <summary>Whether somebody listens on a port. RabbitMQ opens its listener last, so for it that is enough.</summary>
internal static class ListenerProbe
{
    public static async Task<HealthCheckResult> CheckAsync(int port, CancellationToken ct)
    {
        using var client = new TcpClient(AddressFamily.InterNetwork);
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, ct);
            return HealthCheckResult.Healthy();
        }
        catch (SocketException exception)
        {
            return HealthCheckResult.Unhealthy(exception.Message);
        }
    }
}
