using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Aigc2d.Gateway.Tests.Stands;

/// <summary>Sends bytes that no HTTP client would.</summary>
internal static class RawRequest
{
    /// <summary>The whole answer, as text. The request must ask the server to close the connection.</summary>
    public static async Task<string> SendAsync(Uri listener, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, listener.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync();
    }
}
