using System.Net;
using System.Net.Http.Headers;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Adapters.Wenxin;
using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ProviderAdapters.Clients;
using Aigc2d.ProviderAdapters.Clients.OpenAi;

namespace Aigc2d.ProviderAdapters.Adapters.WenxinV2;

/// <summary>Baidu's second generation, which speaks OpenAI's dialect with an accent: bytes pass through but for the few that a client of OpenAI would stumble over.</summary>
internal sealed class WenxinV2Adapter(TimeProvider time) : IProviderAdapter, IDisposable
{
    private readonly HttpClient _http = ProviderHttp.Create();

    public string Provider => "wenxin-v2";

    public IReadOnlyList<ReadOnlyMemory<byte>> Translate(ClientCall call, ChannelModel model) => call is OpenAiEmbeddings embeddings
        ? [EmbeddingsRequest.WriteV2(embeddings, model.Upstream)]
        : WenxinV2Request.Translate(call.AsChat.InOpenAi, model.Upstream);

    public async Task<HttpResponseMessage> SendAsync(Channel channel, ChannelModel model, ClientCall call, HttpContent body, CancellationToken ct)
    {
        using var request = ProviderHttp.Post(UpstreamAddress.Of(channel.BaseUrl, "v2", call is OpenAiEmbeddings ? UpstreamAddress.Embeddings : UpstreamAddress.Chat), body, call.Stream);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", channel.Credential);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
    }

    public (IAnswerReader Reader, IAnswerWriter Writer) Answer(ClientCall call, ChannelModel model)
    {
        if (call is OpenAiEmbeddings embeddings) return EmbeddingsAnswer.Of(embeddings, model.Name);

        var reader = new WenxinV2AnswerReader();
        return (reader, call is OpenAiChat chat
            ? new WenxinV2Chunks(reader, new PassedChunks(reader.Inner, chat.Shape.IncludeUsage))
            : call.AsChat.Translator(() => AnswerHead.New(model.Name, time.GetUtcNow())));
    }

    public ProviderFault Judge(HttpStatusCode status, ReadOnlySpan<byte> body, Channel channel, ChannelModel model) => WenxinV2Error.Judge(status, body, channel, model);

    public string Describe(ReadOnlySpan<byte> body, Channel channel, ChannelModel model) => UpstreamError.Describe(body, channel, model);

    public void Dispose() => _http.Dispose();
}
