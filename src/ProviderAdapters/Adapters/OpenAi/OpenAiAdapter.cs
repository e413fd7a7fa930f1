using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;
using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ProviderAdapters.Clients;
using Aigc2d.ProviderAdapters.Clients.OpenAi;
using Aigc2d.ProviderAdapters.Questions;

namespace Aigc2d.ProviderAdapters.Adapters.OpenAi;

/// <summary>
/// Upstreams that speak OpenAI's dialect, Azure among them. Where it is the client's own, bytes pass through, but for the model's name and the wish
/// for usage: chats to models that chat, completions to models that complete.
/// </summary>
internal sealed class OpenAiAdapter(CompletionModels completing, TimeProvider time) : IProviderAdapter, IDisposable
{
    private readonly HttpClient _http = ProviderHttp.Create();

    public string Provider => "openai";

    public IReadOnlyList<ReadOnlyMemory<byte>> Translate(ClientCall call, ChannelModel model)
    {
        if (call is OpenAiEmbeddings embeddings) return embeddings.Shape.Apply(embeddings.Body, model.Upstream);
        if (call is FreeQuestion question) return question.Apply(model.Upstream);
        if (IsPassedOn(call, model, out var completion)) return completion.PassTo(model);

        var chat = call.AsChat.InOpenAi;

        // Refused there with a 404, after which the channel would rest for everybody.
        if (completing.Include(model)) throw new UntranslatableException("model", "completes texts and does not chat. Call it with POST /v1/completions.");
        return chat.Shape.Apply(chat.Body, model.Upstream);
    }

    public async Task<HttpResponseMessage> SendAsync(Channel channel, ChannelModel model, ClientCall call, HttpContent body, CancellationToken ct)
    {
        var (address, isAzure) = UpstreamAddress.Of(channel, model, RouteOf(call, model));
        using var request = ProviderHttp.Post(address, body, call.Stream);
        if (isAzure) request.Headers.Add("api-key", channel.Credential);
        else request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", channel.Credential);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
    }

    public (IAnswerReader Reader, IAnswerWriter Writer) Answer(ClientCall call, ChannelModel model)
    {
        if (call is OpenAiEmbeddings embeddings) return EmbeddingsAnswer.Of(embeddings, model.Name);

        var reader = new ChatAnswerReader();
        if (IsPassedOn(call, model, out var completion))
        {
            return (completion.ReaderOf(reader), new PassedChunks(reader, completion.Shape.IncludeUsage, AnswerKind.Text));
        }

        return (reader, call is OpenAiChat chat ? new PassedChunks(reader, chat.Shape.IncludeUsage) : call.AsChat.Translator(() => AnswerHead.New(model.Name, time.GetUtcNow())));
    }

    public ProviderFault Judge(HttpStatusCode status, ReadOnlySpan<byte> body, Channel channel, ChannelModel model) => UpstreamError.Judge(status, body, channel, model);

    public string Describe(ReadOnlySpan<byte> body, Channel channel, ChannelModel model) => UpstreamError.Describe(body, channel, model);

    public void Dispose() => _http.Dispose();

    private string RouteOf(ClientCall call, ChannelModel model) => call switch
    {
        OpenAiEmbeddings => UpstreamAddress.Embeddings,
        FreeQuestion question => question.Route,
        _ => IsPassedOn(call, model, out _) ? UpstreamAddress.Completions : UpstreamAddress.Chat,
    };

    private bool IsPassedOn(ClientCall call, ChannelModel model, [NotNullWhen(true)] out OpenAiCompletion? completion)
    {
        completion = completing.Include(model) ? call as OpenAiCompletion : null;
        return completion is not null;
    }
}
