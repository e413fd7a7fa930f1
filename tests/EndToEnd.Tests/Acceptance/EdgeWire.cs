using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Aigc2d.EndToEnd.Tests.Acceptance;

/// <summary>A wire between clients and the public edge that changes, delays and cuts nothing, and notes what each API key asked and was answered.</summary>
internal sealed partial class EdgeWire : IAsyncDisposable
{
    private const int BufferBytes = 64 * 1024;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Uri _edge;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Exchange>> _exchanges = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    public EdgeWire(Uri edge)
    {
        _edge = edge;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>What a client takes for the public API, without a slash at the end.</summary>
    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>The requests that arrived with a key, oldest first.</summary>
    public Exchange[] ExchangesOf(string key) => _exchanges.TryGetValue(key, out var exchanges) ? [.. exchanges] : [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _ = ConnectAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ConnectAsync(TcpClient client)
    {
        using var edge = new TcpClient();
        using (client)
        {
            client.NoDelay = edge.NoDelay = true;
            try
            {
                await edge.ConnectAsync(_edge.Host, _edge.Port, _stop.Token);
                var connection = new Connection(this);
                var asking = PumpAsync(client, edge, connection.TakeAsked);
                var answering = PumpAsync(edge, client, connection.TakeAnswered);

                // Who asks on after the answer has ended is not cut before the whole answer is there; who has gone away is not waited for.
                if (await Task.WhenAny(asking, answering) == asking && await asking == PumpEnd.SourceReset) Reset(edge);
                if (await answering == PumpEnd.SourceReset) Reset(client);
                client.Close();
                edge.Close();
                await asking;
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The run is over, or the edge is not there.
            }
        }
    }

    // A reset on one side is a reset on the other: an orderly end would look like the end of an answer.
    private static void Reset(TcpClient side)
    {
        side.LingerState = new LingerOption(true, 0);
        side.Close();
    }

    /// <summary>Copies until one side ends; a source that ends in good order ends the target likewise.</summary>
    private async Task<PumpEnd> PumpAsync(TcpClient from, TcpClient to, Action<ReadOnlyMemory<byte>> note)
    {
        var (source, target) = (from.Client, to.Client);
        var buffer = new byte[BufferBytes];
        while (true)
        {
            int length;
            try
            {
                length = await source.ReceiveAsync(buffer.AsMemory(), _stop.Token);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return PumpEnd.SourceReset;
            }

            try
            {
                if (length == 0)
                {
                    target.Shutdown(SocketShutdown.Send);
                    return PumpEnd.SourceEnded;
                }

                note(buffer.AsMemory(0, length));
                for (var sent = 0; sent < length;) sent += await target.SendAsync(buffer.AsMemory(sent, length - sent), _stop.Token);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return PumpEnd.TargetGone;
            }
        }
    }

    private enum PumpEnd
    {
        SourceEnded,
        SourceReset,
        TargetGone,
    }

    /// <summary>One request and its answer, as they passed.</summary>
    internal sealed class Exchange(string request)
    {
        private int _heartbeats;

        /// <summary>Method and path.</summary>
        public string Request => request;

        /// <summary>The status of the answer; 0 while there is none.</summary>
        public int Status { get; set; }

        /// <summary>The comments in a stream that keep a connection alive.</summary>
        public int Heartbeats => _heartbeats;

        public void CountHeartbeats(int more) => Interlocked.Add(ref _heartbeats, more);
    }

    /// <summary>What is known of a connection: the head of a request as far as it has arrived, and the request that is being answered.</summary>
    private sealed class Connection(EdgeWire wire)
    {
        // Bodies here are JSON on one line: none looks like the head of a request.
        private const int LongestHead = 16 * 1024;
        private readonly StringBuilder _asked = new();
        private volatile Exchange? _current;

        public void TakeAsked(ReadOnlyMemory<byte> bytes)
        {
            _asked.Append(Encoding.Latin1.GetString(bytes.Span));
            while (Head().Match(_asked.ToString()) is { Success: true } head)
            {
                _current = new Exchange($"{head.Groups["method"].Value} {head.Groups["path"].Value}");
                var key = Key().Match(head.Value).Value;
                wire._exchanges.GetOrAdd(key, _ => new()).Enqueue(_current);
                _asked.Remove(0, head.Index + head.Length);
            }

            if (_asked.Length > LongestHead) _asked.Remove(0, _asked.Length - LongestHead);
        }

        public void TakeAnswered(ReadOnlyMemory<byte> bytes)
        {
            if (_current is not { } current) return;

            var text = Encoding.Latin1.GetString(bytes.Span);
            if (StatusLine().Match(text) is { Success: true } line) current.Status = int.Parse(line.Groups["status"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
            current.CountHeartbeats(Heartbeat().Count(text));
        }
    }

    [GeneratedRegex(@"(?<method>GET|POST|DELETE) (?<path>/\S*) HTTP/1\.1\r\n([^\r\n]+\r\n)*\r\n", RegexOptions.None, 1000)]
    private static partial Regex Head();

    [GeneratedRegex("AIGC2D-[0-9a-f-]{36}", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Key();

    [GeneratedRegex(@"^HTTP/1\.1 (?<status>\d{3})", RegexOptions.None, 1000)]
    private static partial Regex StatusLine();

    [GeneratedRegex(": keep-alive\n\n", RegexOptions.None, 1000)]
    private static partial Regex Heartbeat();
}
