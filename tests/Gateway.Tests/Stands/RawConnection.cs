using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Aigc2d.Gateway.Tests.Stands;

/// <summary>A connection for bytes that no HTTP client would send, and for answers that no client would wait for.</summary>
internal sealed class RawConnection : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private readonly TcpClient _client;
    private readonly NetworkStream _stream;
    private readonly StreamReader _reader;

    private RawConnection(TcpClient client)
    {
        (_client, _stream) = (client, client.GetStream());
        _reader = new StreamReader(_stream, Encoding.Latin1);
    }

    public static async Task<RawConnection> OpenAsync(Edge edge, int? receiveBufferBytes = null)
    {
        var client = new TcpClient();
        if (receiveBufferBytes is { } size) client.ReceiveBufferSize = size;
        await client.ConnectAsync(IPAddress.Loopback, edge.Public.BaseAddress!.Port);
        return new(client);
    }

    /// <summary>Sends each character as one byte. What the server no longer wants to read is not an error here.</summary>
    public async Task SendAsync(string text)
    {
        try
        {
            await _stream.WriteAsync(Encoding.Latin1.GetBytes(text));
        }
        catch (IOException)
        {
            // The answer, or the end of the connection, tells the rest.
        }
    }

    /// <summary>The next answer; null when the server has closed the connection instead.</summary>
    public async Task<RawAnswer?> ReadAsync(bool hasBody = true)
    {
        try
        {
            return await ReadAnswerAsync(hasBody).WaitAsync(Patience);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Whether the server closes the connection, with no other HTTP answer than a refusal before.</summary>
    public async Task<bool> IsTurnedAwayAsync()
    {
        try
        {
            var rest = await _reader.ReadToEndAsync().WaitAsync(Patience);
            return !rest.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) || rest["HTTP/1.1 ".Length] is '4' or '5';
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Ends the connection with a reset.</summary>
    public void Reset()
    {
        _client.LingerState = new LingerOption(true, 0);
        _client.Close();
    }

    public void Dispose() => _client.Dispose();

    private async Task<RawAnswer?> ReadAnswerAsync(bool hasBody)
    {
        if (await _reader.ReadLineAsync() is not { } status) return null;

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await _reader.ReadLineAsync() is { Length: > 0 } line) headers.Add(line[..line.IndexOf(':', StringComparison.Ordinal)], line[(line.IndexOf(':', StringComparison.Ordinal) + 2)..]);

        var code = int.Parse(status.Split(' ')[1], CultureInfo.InvariantCulture);
        var body = !hasBody || code < 200 ? "" : headers.TryGetValue("Content-Length", out var length) ? await ReadAsync(int.Parse(length, CultureInfo.InvariantCulture)) : await ReadChunksAsync(headers);
        return new(code, headers, Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(body)));
    }

    private async Task<string> ReadChunksAsync(Dictionary<string, string> headers)
    {
        if (!headers.ContainsKey("Transfer-Encoding")) return await _reader.ReadToEndAsync();

        var body = new StringBuilder();
        while (int.Parse((await _reader.ReadLineAsync())!, NumberStyles.HexNumber, CultureInfo.InvariantCulture) is var size and > 0)
        {
            body.Append(await ReadAsync(size));
            await _reader.ReadLineAsync();
        }

        await _reader.ReadLineAsync();
        return body.ToString();
    }

    private async Task<string> ReadAsync(int length)
    {
        var text = new char[length];
        return new string(text, 0, await _reader.ReadBlockAsync(text));
    }
}

/// <summary>An answer as it came over the wire.</summary>
internal sealed record RawAnswer(int Status, IReadOnlyDictionary<string, string> Headers, string Body);
