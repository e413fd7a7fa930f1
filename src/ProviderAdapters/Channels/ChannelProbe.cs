using System.Text.Json;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Clients;
using Aigc2d.ProviderAdapters.Clients.OpenAi;

namespace Aigc2d.ProviderAdapters.Channels;

/// <summary>Asks a channel for one short answer and says what came of it.</summary>
internal sealed class ChannelProbe(AdapterFamilies families, CompletionModels completing, TimeProvider time)
{
    private const string Words = "Say hi.";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Asks for one short answer and says what came of it.</summary>
    public async Task<TestChannel.TestChannelResponse> AskAsync(Channel channel, ChannelModel model, CancellationToken ct)
    {
        var startedAt = time.GetTimestamp();
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        int? status = null;
        string? error;
        try
        {
            var adapter = families[channel.Provider];
            var probe = ProbeOf(model);
            using var content = new JsonPieces(adapter.Translate(probe, model), () => { });
            using var response = await adapter.SendAsync(channel, model, probe, content, either.Token);
            status = (int)response.StatusCode;
            var answer = await response.Content.ReadAsByteArrayAsync(either.Token);
            error = FaultOf(adapter, probe, response.IsSuccessStatusCode, answer, channel, model);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            error = exception is HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } known
                ? $"not reached: {known.HttpRequestError}"
                : "not reached or not answered in time";
        }

        return new TestChannel.TestChannelResponse(error is null, status, (long)time.GetElapsedTime(startedAt).TotalMilliseconds, error);
    }

    private static string? FaultOf(IProviderAdapter adapter, ClientCall probe, bool isSuccess, byte[] body, Channel channel, ChannelModel model)
    {
        if (!isSuccess) return adapter.Describe(body, channel, model);

        var (answer, _) = adapter.Answer(probe, model);
        if (!answer.TryReadPlain(body)) return "the answer is not a chat completion";
        return answer.HasError ? adapter.Describe(body, channel, model) : null;
    }

    private ClientCall ProbeOf(ChannelModel model)
    {
        var completes = completing.Include(model);
        var body = completes
            ? JsonSerializer.SerializeToUtf8Bytes(new { model = model.Name, prompt = Words })
            : JsonSerializer.SerializeToUtf8Bytes(new { model = model.Name, messages = new[] { new { role = "user", content = Words } } });
        var shape = ChatRequestShape.Read(body, out _)!;
        return completes ? new OpenAiCompletion(body, shape, completing) : new OpenAiChat(body, shape);
    }
}
