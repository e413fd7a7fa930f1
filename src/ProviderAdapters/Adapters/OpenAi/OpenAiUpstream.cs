using System.Net;
using System.Net.Http.Headers;
using Aigc2d.ProviderAdapters.Channels;

namespace Aigc2d.ProviderAdapters.Adapters.OpenAi;

/// <summary>
/// Asks upstreams that speak OpenAI's dialect. Its client is built by hand: a resilience handler that repeats a POST would have the work done,
/// and paid for, twice; and a provider sees no header but those it needs.
/// </summary>
public sealed class OpenAiUpstream : IDisposable
{
    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),
            EnableMultipleHttp2Connections = true,
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
        },
        disposeHandler: true)
    {
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
    };

    /// <summary>Sends a chat request and answers as soon as the provider's headers are there.</summary>
    public async Task<HttpResponseMessage> SendChatAsync(Channel channel, HttpContent body, bool stream, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, AddressOf(channel, "/chat/completions")) { Content = body };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", channel.Credential);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(stream ? "text/event-stream" : "application/json"));
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
    }

    public void Dispose() => _http.Dispose();

    private static Uri AddressOf(Channel channel, string route)
    {
        var start = channel.BaseUrl.AbsoluteUri.TrimEnd('/');
        return new Uri(start.EndsWith("/v1", StringComparison.OrdinalIgnoreCase) ? start + route : $"{start}/v1{route}");
    }
}
