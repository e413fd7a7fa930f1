using System.Collections.Concurrent;
using System.Globalization;
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

    /// <summary>What is known of a connection: the head of a request as far as it has arrived, what is to come of its body, and the request that is being answered.</summary>
    private sealed class Connection(EdgeWire wire)
    {
        private const string HeadEnd = "\r\n\r\n";
        private readonly StringBuilder _head = new();
        private long _bodyBytes;
        private volatile Exchange? _current;

        public void TakeAsked(ReadOnlyMemory<byte> bytes)
        {
            while (!bytes.IsEmpty)
            {
                var ofBody = (int)Math.Min(_bodyBytes, bytes.Length);
                _bodyBytes -= ofBody;
                bytes = bytes[ofBody..];
                if (bytes.IsEmpty) return;

                var before = _head.Length;
                var text = _head.Append(Encoding.Latin1.GetString(bytes.Span)).ToString();
                var end = text.IndexOf(HeadEnd, StringComparison.Ordinal);
                if (end < 0) return;

                TakeHead(text[..(end + HeadEnd.Length)]);
                _head.Clear();
                bytes = bytes[(end + HeadEnd.Length - before)..];
            }
        }

        public void TakeAnswered(ReadOnlyMemory<byte> bytes)
        {
            if (_current is not { } current) return;

            var text = Encoding.Latin1.GetString(bytes.Span);
            if (StatusLine().Match(text) is { Success: true } line) current.Status = int.Parse(line.Groups["status"].ValueSpan, CultureInfo.InvariantCulture);
            current.CountHeartbeats(Heartbeat().Count(text));
        }

        private void TakeHead(string head)
        {
            var line = RequestLine().Match(head);
            _current = new Exchange($"{line.Groups["method"].Value} {line.Groups["path"].Value}");
            _bodyBytes = Length().Match(head) is { Success: true } length ? long.Parse(length.Groups["bytes"].ValueSpan, CultureInfo.InvariantCulture) : 0;
            wire._exchanges.GetOrAdd(Key().Match(head).Value, _ => new()).Enqueue(_current);
        }
    }

    [GeneratedRegex(@"^(?<method>[A-Z]+) (?<path>/\S*) HTTP/1\.1\r\n", RegexOptions.None, 1000)]
    private static partial Regex RequestLine();

    // Every client here sends its body in one piece with its length.
    [GeneratedRegex(@"\r\ncontent-length: *(?<bytes>\d+)", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Length();

    [GeneratedRegex("AIGC2D-[0-9a-f-]{36}", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Key();

    [GeneratedRegex(@"^HTTP/1\.1 (?<status>\d{3})", RegexOptions.None, 1000)]
    private static partial Regex StatusLine();

    [GeneratedRegex(": keep-alive\n\n", RegexOptions.None, 1000)]
    private static partial Regex Heartbeat();
}
