using System.Net;
using System.Net.Http.Headers;
using Aigc2d.ProviderAdapters.Channels;

namespace Aigc2d.ProviderAdapters.Adapters.OpenAi;

/// <summary>Upstreams that speak OpenAI's dialect, Azure among them. It is the client's own: bytes pass through, but for the model's name and the wish for usage.</summary>
internal sealed class OpenAiAdapter : IProviderAdapter, IDisposable
{
    private readonly HttpClient _http = ProviderHttp.Create();

    public string Provider => "openai";

    public IReadOnlyList<ReadOnlyMemory<byte>> Translate(ClientChat chat, ChannelModel model) => chat.Shape.Apply(chat.Body, model.Upstream);

    public async Task<HttpResponseMessage> SendChatAsync(Channel channel, ChannelModel model, HttpContent body, bool stream, CancellationToken ct)
    {
        var (address, isAzure) = UpstreamAddress.Of(channel, model);
        using var request = ProviderHttp.Post(address, body, stream);
        if (isAzure) request.Headers.Add("api-key", channel.Credential);
        else request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", channel.Credential);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
    }

    public (IAnswerReader Reader, IAnswerWriter Writer) Answer(ClientChat chat, string model)
    {
        var reader = new ChatAnswerReader();
        return (reader, new PassedChunks(reader, chat.Shape.IncludeUsage));
    }

    public ProviderFault Judge(HttpStatusCode status, ReadOnlySpan<byte> body, Channel channel, ChannelModel model) => UpstreamError.Judge(status, body, channel, model);

    public string Describe(ReadOnlySpan<byte> body, Channel channel, ChannelModel model) => UpstreamError.Describe(body, channel, model);

    public void Dispose() => _http.Dispose();
}
