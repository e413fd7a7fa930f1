using System.Text.Json;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Clients;
using Aigc2d.ProviderAdapters.Clients.OpenAi;

namespace Aigc2d.ProviderAdapters.Channels;

/// <summary>
/// Asks a channel for one short answer and says what came of it. Models that complete are known by their names; nobody says which others are for
/// chats: one that does not take a chat is asked for an embedding.
/// </summary>
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
            (status, error, var mayBeOther) = await AskAsync(adapter, TextOf(model), channel, model, either.Token);
            if (mayBeOther && await AskAsync(adapter, EmbeddingOf(model), channel, model, either.Token) is { Error: null } other) (status, error, _) = other;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            error = exception is HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } known
                ? $"not reached: {known.HttpRequestError}"
                : "not reached or not answered in time";
        }

        return new TestChannel.TestChannelResponse(error is null, status, (long)time.GetElapsedTime(startedAt).TotalMilliseconds, error);
    }

    /// <summary>One request, and whether its fault may be that the model is for something else.</summary>
    private static async Task<(int? Status, string? Error, bool MayBeOther)> AskAsync(IProviderAdapter adapter, ClientCall probe, Channel channel, ChannelModel model, CancellationToken ct)
    {
        IReadOnlyList<ReadOnlyMemory<byte>> request;
        try
        {
            request = adapter.Translate(probe, model);
        }
        catch (UntranslatableException unspeakable)
        {
            return (null, $"'{unspeakable.Param}' {unspeakable.Message}", true);
        }

        using var content = new JsonPieces(request, () => { });
        using var response = await adapter.SendAsync(channel, model, probe, content, ct);
        var body = await response.Content.ReadAsByteArrayAsync(ct);
        var status = (int)response.StatusCode;
        if (response.IsSuccessStatusCode)
        {
            var (answer, _) = adapter.Answer(probe, model);
            if (!answer.TryReadPlain(body)) return (status, "the answer is not a chat completion", true);
            if (!answer.HasError) return (status, null, false);
        }

        var scope = adapter.Judge(response.StatusCode, body, channel, model).Scope;
        return (status, adapter.Describe(body, channel, model), scope is FaultScope.Call or FaultScope.Model);
    }

    private ClientChat TextOf(ChannelModel model)
    {
        var completes = completing.Include(model);
        var body = completes
            ? JsonSerializer.SerializeToUtf8Bytes(new { model = model.Name, prompt = Words })
            : JsonSerializer.SerializeToUtf8Bytes(new { model = model.Name, messages = new[] { new { role = "user", content = Words } } });
        var shape = ChatRequestShape.Read(body, out _)!;
        return completes ? new OpenAiCompletion(body, shape, completing) : new OpenAiChat(body, shape);
    }

    private static OpenAiEmbeddings EmbeddingOf(ChannelModel model)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new { model = model.Name, input = Words });
        return new OpenAiEmbeddings(body, EmbeddingsShape.Read(body, out _)!);
    }
}
