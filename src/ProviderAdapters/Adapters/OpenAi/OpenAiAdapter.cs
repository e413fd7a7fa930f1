using System.Net;
using System.Net.Http.Headers;
using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ProviderAdapters.Clients;
using Aigc2d.ProviderAdapters.Clients.OpenAi;
using Aigc2d.ProviderAdapters.Questions;

namespace Aigc2d.ProviderAdapters.Adapters.OpenAi;

/// <summary>Upstreams that speak OpenAI's dialect, Azure among them. It is the client's own: bytes pass through, but for the model's name and the wish for usage.</summary>
internal sealed class OpenAiAdapter(TimeProvider time) : IProviderAdapter, IDisposable
{
    private readonly HttpClient _http = ProviderHttp.Create();

    public string Provider => "openai";

    public IReadOnlyList<ReadOnlyMemory<byte>> Translate(ClientCall call, ChannelModel model)
    {
        if (call is OpenAiEmbeddings embeddings) return embeddings.Shape.Apply(embeddings.Body, model.Upstream);
        if (call is FreeQuestion question) return question.Apply(model.Upstream);

        var chat = call.AsChat.InOpenAi;
        return chat.Shape.Apply(chat.Body, model.Upstream);
    }

    public async Task<HttpResponseMessage> SendAsync(Channel channel, ChannelModel model, ClientCall call, HttpContent body, CancellationToken ct)
    {
        var (address, isAzure) = UpstreamAddress.Of(channel, model, RouteOf(call));
        using var request = ProviderHttp.Post(address, body, call.Stream);
        if (isAzure) request.Headers.Add("api-key", channel.Credential);
        else request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", channel.Credential);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
    }

    public (IAnswerReader Reader, IAnswerWriter Writer) Answer(ClientCall call, string model)
    {
        if (call is OpenAiEmbeddings embeddings) return EmbeddingsAnswer.Of(embeddings, model);

        var reader = new ChatAnswerReader();
        return (reader, call is OpenAiChat chat ? new PassedChunks(reader, chat.Shape.IncludeUsage) : call.AsChat.Translator(() => AnswerHead.New(model, time.GetUtcNow())));
    }

    public ProviderFault Judge(HttpStatusCode status, ReadOnlySpan<byte> body, Channel channel, ChannelModel model) => UpstreamError.Judge(status, body, channel, model);

    public string Describe(ReadOnlySpan<byte> body, Channel channel, ChannelModel model) => UpstreamError.Describe(body, channel, model);

    public void Dispose() => _http.Dispose();

    private static string RouteOf(ClientCall call) => call switch
    {
        OpenAiEmbeddings => UpstreamAddress.Embeddings,
        FreeQuestion question => question.Route,
        _ => UpstreamAddress.Chat,
    };
}
