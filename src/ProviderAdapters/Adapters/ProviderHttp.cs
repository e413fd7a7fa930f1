using System.Buffers;
using System.Net;
using System.Net.Http.Headers;

namespace Aigc2d.ProviderAdapters.Adapters;

/// <summary>
/// The connection to one family of providers. Built by hand: a resilience handler that repeats a POST would have the work done, and paid for,
/// twice; and a provider sees no header but those it needs.
/// </summary>
internal static class ProviderHttp
{
    private const int LeastAnswerBytes = 4 * 1024;
    private const int MostPromisedBytes = 1024 * 1024;

    public static HttpClient Create() => new(CreateHandler(), disposeHandler: true)
    {
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
    };

    /// <summary>A request for one answer, plain or as a stream, without credentials.</summary>
    public static HttpRequestMessage Post(Uri address, HttpContent body, bool stream) => new(HttpMethod.Post, address)
    {
        Content = body,
        Headers = { Accept = { new MediaTypeWithQualityHeaderValue(stream ? "text/event-stream" : "application/json") } },
    };

    /// <summary>A whole answer; null when it is longer than it may be.</summary>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpResponseMessage response, int mostBytes, CancellationToken ct)
    {
        var buffer = new ArrayBufferWriter<byte>((int)Math.Clamp(response.Content.Headers.ContentLength ?? 0, LeastAnswerBytes, MostPromisedBytes));
        await using var source = await response.Content.ReadAsStreamAsync(ct);
        while (await source.ReadAsync(buffer.GetMemory(), ct) is var count and > 0)
        {
            buffer.Advance(count);
            if (buffer.WrittenCount > mostBytes) return null;
        }

        return buffer.WrittenMemory;
    }

    public static SocketsHttpHandler CreateHandler() => new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),
        EnableMultipleHttp2Connections = true,
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
    };
}
