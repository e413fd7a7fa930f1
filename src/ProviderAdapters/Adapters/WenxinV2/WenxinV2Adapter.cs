using System.Net;
using System.Net.Http.Headers;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Channels;

namespace Aigc2d.ProviderAdapters.Adapters.WenxinV2;

/// <summary>Baidu's second generation, which speaks OpenAI's dialect with an accent: bytes pass through but for the few that a client of OpenAI would stumble over.</summary>
internal sealed class WenxinV2Adapter : IProviderAdapter, IDisposable
{
    private readonly HttpClient _http = ProviderHttp.Create();

    public string Provider => "wenxin-v2";

    public IReadOnlyList<ReadOnlyMemory<byte>> Translate(ClientChat chat, ChannelModel model) => WenxinV2Request.Translate(chat, model.Upstream);

    public async Task<HttpResponseMessage> SendChatAsync(Channel channel, ChannelModel model, HttpContent body, bool stream, CancellationToken ct)
    {
        using var request = ProviderHttp.Post(UpstreamAddress.Of(channel.BaseUrl, "v2"), body, stream);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", channel.Credential);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
    }

    public (IAnswerReader Reader, IAnswerWriter Writer) Answer(ClientChat chat, string model)
    {
        var reader = new WenxinV2AnswerReader();
        return (reader, new WenxinV2Chunks(reader, new PassedChunks(reader.Inner, chat.Shape.IncludeUsage)));
    }

    public ProviderFault Judge(HttpStatusCode status, ReadOnlySpan<byte> body, Channel channel, ChannelModel model) => WenxinV2Error.Judge(status, body, channel, model);

    public string Describe(ReadOnlySpan<byte> body, Channel channel, ChannelModel model) => UpstreamError.Describe(body, channel, model);

    public void Dispose() => _http.Dispose();
}
