using System.Net;
using System.Net.Sockets;

namespace Aigc2d.TestKit;

/// <summary>Loopback ports for servers under test.</summary>
public static class TestSockets
{
    private static int _next = 20_000 + (Environment.ProcessId % 500 * 20);

    /// <summary>A port that nothing listens on, below the range the system gives to outgoing connections.</summary>
    public static int FreePort() => FreeRange(1);

    /// <summary>The first of <paramref name="count"/> neighbouring free ports.</summary>
    public static int FreeRange(int count)
    {
        for (var tries = 0; tries < 1000; tries++)
        {
            var first = Interlocked.Add(ref _next, count) - count;
            if (first + count > 32_000)
            {
                Interlocked.CompareExchange(ref _next, 20_000, first + count);
                continue;
            }

            if (Enumerable.Range(first, count).All(IsFree)) return first;
        }

        throw new InvalidOperationException("No free loopback ports between 20000 and 32000.");
    }

    /// <summary>Whether something accepts connections on the port.</summary>
    public static async Task<bool> AnswersAsync(int port, CancellationToken ct)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, ct);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
