using System.Net;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ProviderAdapters.Clients;
using Aigc2d.ProviderAdapters.Clients.Anthropic;
using Aigc2d.ProviderAdapters.Questions;
using Microsoft.Extensions.Options;

namespace Aigc2d.ProviderAdapters.Adapters.Anthropic;

/// <summary>Upstreams that speak Anthropic's messages dialect. Where it is the client's own, bytes pass through but for the model's name.</summary>
internal sealed class AnthropicAdapter(IOptions<AnthropicOptions> options, TimeProvider time) : IProviderAdapter, IDisposable
{
    private const string Messages = "/messages";

    private readonly HttpClient _http = ProviderHttp.Create();
    private readonly KnownModels _models = new(options.Value.Models);

    public string Provider => "anthropic";

    public IReadOnlyList<ReadOnlyMemory<byte>> Translate(ClientCall call, ChannelModel model) => call switch
    {
        AnthropicMessages own => own.Shape.Apply(own.Body, model.Upstream),
        FreeQuestion question => question.Apply(model.Upstream),
        _ => [MessagesRequest.Write(call.AsChat.Request, model.Upstream, _models.Find(model.Upstream), call.Body.Length)],
    };

    public async Task<HttpResponseMessage> SendAsync(Channel channel, ChannelModel model, ClientCall call, HttpContent body, CancellationToken ct)
    {
        using var request = ProviderHttp.Post(AddressOf(channel.BaseUrl, (call as FreeQuestion)?.Route ?? Messages), body, call.Stream);
        request.Headers.Add("x-api-key", channel.Credential);
        var asked = (call as AnthropicMessages)?.Headers ?? (call as FreeQuestion)?.Headers;
        request.Headers.Add("anthropic-version", asked?.Version ?? options.Value.Version);
        if ((asked?.Betas ?? options.Value.Betas) is { Length: > 0 } betas) request.Headers.Add("anthropic-beta", betas);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
    }

    public (IAnswerReader Reader, IAnswerWriter Writer) Answer(ClientCall call, ChannelModel model)
    {
        var reader = new AnthropicAnswerReader(AnswerHead.New(model.Name, time.GetUtcNow()), showsAll: call is AnthropicMessages);
        return (reader, call is AnthropicMessages own ? new PassedEvents(reader, own.Headers.InputTokens) : call.AsChat.Translator(() => reader.Head));
    }

    public ProviderFault Judge(HttpStatusCode status, ReadOnlySpan<byte> body, Channel channel, ChannelModel model) => AnthropicError.Judge(status, body, channel, model);

    public string Describe(ReadOnlySpan<byte> body, Channel channel, ChannelModel model) => AnthropicError.Describe(body, channel, model);

    public void Dispose() => _http.Dispose();

    /// <summary>Anthropic's own clients are given the address without its version, others with it.</summary>
    internal static Uri AddressOf(Uri baseUrl, string route = Messages)
    {
        var start = baseUrl.AbsoluteUri.TrimEnd('/');
        return new Uri(start.EndsWith("/v1", StringComparison.OrdinalIgnoreCase) ? start + route : $"{start}/v1{route}");
    }
}
