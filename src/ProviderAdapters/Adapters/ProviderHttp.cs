using System.Net;
using System.Net.Http.Headers;

namespace Aigc2d.ProviderAdapters.Adapters;

/// <summary>
/// The connection to one family of providers. Built by hand: a resilience handler that repeats a POST would have the work done, and paid for,
/// twice; and a provider sees no header but those it needs.
/// </summary>
internal static class ProviderHttp
{
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
