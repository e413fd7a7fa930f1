using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;

namespace Aigc2d.Sandbox.Calls;

/// <summary>Closes the connection in the middle of an answer. A reset would throw away what the caller has not read yet; a mere end is as broken and loses nothing.</summary>
public static class BrokenConnection
{
    // What was flushed must reach the socket before the connection breaks, or the caller could not tell after how many pieces it broke.
    private static readonly TimeSpan BeforeBreaking = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ForTheCallerToClose = TimeSpan.FromSeconds(2);

    public static async Task CauseAsync(HttpContext http, TimeProvider time)
    {
        await Task.Delay(BeforeBreaking, time, http.RequestAborted);
        http.Features.Get<IConnectionSocketFeature>()?.Socket.Shutdown(SocketShutdown.Send);
        try
        {
            await Task.Delay(ForTheCallerToClose, time, http.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The caller has noticed and closed its side.
        }

        http.Abort();
    }
}
