using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aigc2d.AppHost.Servers;

/// <summary>
/// Whether PostgreSQL lets somebody log in. It listens while it still recovers, so the first packet of a login is sent: a server that is
/// ready asks for the password, one that starts up answers with an error.
/// https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-START-UP
/// </summary>
internal static class PostgresProbe
{
    private const int ProtocolVersion = 3 << 16;
    private const byte AuthenticationRequest = (byte)'R';
    private static readonly byte[] StartupMessage = BuildStartupMessage();

    public static async Task<HealthCheckResult> CheckAsync(int port, CancellationToken ct)
    {
        using var client = new TcpClient(AddressFamily.InterNetwork);
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, ct);
            await client.GetStream().WriteAsync(StartupMessage, ct);
            var answer = new byte[1];
            await client.GetStream().ReadExactlyAsync(answer, ct);
            return answer[0] == AuthenticationRequest ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("PostgreSQL is starting up.");
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return HealthCheckResult.Unhealthy(exception.Message);
        }
    }

    private static byte[] BuildStartupMessage()
    {
        var parameters = Encoding.ASCII.GetBytes("user\0aigc2d\0database\0postgres\0\0");
        var message = new byte[8 + parameters.Length];
        BinaryPrimitives.WriteInt32BigEndian(message, message.Length);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(4), ProtocolVersion);
        parameters.CopyTo(message, 8);
        return message;
    }
}
