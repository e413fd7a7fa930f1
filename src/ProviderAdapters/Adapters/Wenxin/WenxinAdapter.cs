using System.Net;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ProviderAdapters.Clients;
using Aigc2d.ProviderAdapters.Clients.OpenAi;

namespace Aigc2d.ProviderAdapters.Adapters.Wenxin;

/// <summary>
/// Baidu's first generation: an access token in the address, the model as a part of it, errors under status 200. A call that meets a stale
/// token is repeated once with a fresh one; the model had not been asked.
/// </summary>
internal sealed class WenxinAdapter(TimeProvider time) : IProviderAdapter, IDisposable
{
    private const string Route = "/rpc/2.0/ai_custom/v1/wenxinworkshop";

    private readonly HttpClient _http = ProviderHttp.Create();
    private readonly AccessTokens _tokens = new(time);

    public string Provider => "wenxin";

    public IReadOnlyList<ReadOnlyMemory<byte>> Translate(ClientCall call, ChannelModel model) => call is OpenAiEmbeddings embeddings
        ? [EmbeddingsRequest.WriteV1(embeddings, model.Upstream)]
        : [WenxinRequest.Write(call.AsChat.Request, WenxinModels.Find(model.Upstream))];

    public async Task<HttpResponseMessage> SendAsync(Channel channel, ChannelModel model, ClientCall call, HttpContent body, CancellationToken ct)
    {
        var host = HostOf(channel.BaseUrl);
        var exchange = await _tokens.GetAsync(host, channel.Credential, ct);
        if (exchange.Token is not { } token) return Refused(exchange);

        var (response, isStale) = await AskAsync(host, model, token, body, call, ct);
        if (!isStale) return response;

        response.Dispose();
        _tokens.Drop(host, channel.Credential, token);
        exchange = await _tokens.GetAsync(host, channel.Credential, ct);
        if (exchange.Token is not { } fresh) return Refused(exchange);
        return (await AskAsync(host, model, fresh, body, call, ct)).Response;
    }

    public (IAnswerReader Reader, IAnswerWriter Writer) Answer(ClientCall call, ChannelModel model)
    {
        if (call is OpenAiEmbeddings embeddings) return EmbeddingsAnswer.Of(embeddings, model.Name);

        var reader = new WenxinAnswerReader(model.Name);
        return (reader, call.AsChat.Translator(() => reader.Head));
    }

    public ProviderFault Judge(HttpStatusCode status, ReadOnlySpan<byte> body, Channel channel, ChannelModel model) =>
        WenxinError.Judge(status, body, channel, model, time.GetUtcNow());

    public string Describe(ReadOnlySpan<byte> body, Channel channel, ChannelModel model) => WenxinError.Describe(body, channel, model);

    public void Dispose() => _http.Dispose();

    private async Task<(HttpResponseMessage Response, bool IsStale)> AskAsync(
        Uri host, ChannelModel model, string token, HttpContent body, ClientCall call, CancellationToken ct)
    {
        var (kind, endpoint) = call is OpenAiEmbeddings ? ("embeddings", WenxinEmbedding.Find(model.Upstream).Endpoint) : ("chat", WenxinModels.Find(model.Upstream).Endpoint);
        var address = new Uri($"{host.AbsoluteUri.TrimEnd('/')}{Route}/{kind}/{Uri.EscapeDataString(endpoint)}?access_token={Uri.EscapeDataString(token)}");

        // Not disposed of: that would dispose of the body, which a repeat needs again and the caller owns.
        var request = ProviderHttp.Post(address, body, call.Stream);
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        if (call.Stream && response.Content.Headers.ContentType?.MediaType == "text/event-stream") return (response, false);

        try
        {
            var beginning = await AnswerBeginning.PeekAsync(response, ct);
            return (response, WenxinError.IsStaleToken(beginning.Span));
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>The address before the provider's own path, which the operator may have given with it.</summary>
    private static Uri HostOf(Uri baseUrl)
    {
        var path = baseUrl.AbsoluteUri;
        var route = path.IndexOf("/rpc/2.0", StringComparison.Ordinal);
        return route < 0 ? baseUrl : new Uri(path[..route]);
    }

    /// <summary>The token endpoint's refusal stands for the answer; <see cref="Judge"/> knows it.</summary>
    private static HttpResponseMessage Refused(TokenExchange exchange)
    {
        if (exchange.RefusedWith is not { } status) throw new HttpRequestException(HttpRequestError.ConnectionError, "The token endpoint was not reached.");
        return new HttpResponseMessage(status) { Content = new ByteArrayContent(exchange.Refusal) { Headers = { ContentType = new("application/json") } } };
    }
}
