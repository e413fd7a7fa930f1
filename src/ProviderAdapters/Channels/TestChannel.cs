using System.Text.Json;
using System.Text.Json.Serialization;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Clients;
using Aigc2d.ProviderAdapters.Clients.OpenAi;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aigc2d.ProviderAdapters.Channels;

/// <summary>
/// Asks a channel for one short answer, so that an operator learns whether address, credential and model are right. Nobody says which models are for
/// chats: one that does not take a chat is asked for an embedding.
/// </summary>
public static class TestChannel
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static void MapTestChannel(this IEndpointRouteBuilder routes) => routes.MapPost("/{id:guid}/test", Handle);

    private static async Task<Results<Ok<TestChannelResponse>, ProblemHttpResult>> Handle(
        Guid id, TestChannelRequest body, ChannelDirectory directory, AdapterFamilies families, TimeProvider time, CancellationToken ct)
    {
        if (!directory.Routes.ById.TryGetValue(id, out var channel)) return Problems.NotFound($"There is no channel {id}.");
        if (channel.Models.FirstOrDefault(model => model.Name == body.Model) is not { } model) return Problems.Invalid("model", "must be one of the channel's models.");

        return TypedResults.Ok(await AskAsync(channel, model, families, time, ct));
    }

    /// <summary>Asks for one short answer and says what came of it.</summary>
    internal static async Task<TestChannelResponse> AskAsync(Channel channel, ChannelModel model, AdapterFamilies families, TimeProvider time, CancellationToken ct)
    {
        var startedAt = time.GetTimestamp();
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        int? status = null;
        string? error;
        try
        {
            var adapter = families[channel.Provider];
            (status, error, var mayBeOther) = await AskAsync(adapter, ChatOf(model), channel, model, either.Token);
            if (mayBeOther && await AskAsync(adapter, EmbeddingOf(model), channel, model, either.Token) is { Error: null } other) (status, error, _) = other;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            error = exception is HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } known
                ? $"not reached: {known.HttpRequestError}"
                : "not reached or not answered in time";
        }

        return new TestChannelResponse(error is null, status, (long)time.GetElapsedTime(startedAt).TotalMilliseconds, error);
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
            var (answer, _) = adapter.Answer(probe, model.Name);
            if (!answer.TryReadPlain(body)) return (status, "the answer is not a chat completion", true);
            if (!answer.HasError) return (status, null, false);
        }

        var scope = adapter.Judge(response.StatusCode, body, channel, model).Scope;
        return (status, adapter.Describe(body, channel, model), scope is FaultScope.Call or FaultScope.Model);
    }

    private static OpenAiChat ChatOf(ChannelModel model)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new { model = model.Name, messages = new[] { new { role = "user", content = "Say hi." } } });
        return new OpenAiChat(body, ChatRequestShape.Read(body, out _)!);
    }

    private static OpenAiEmbeddings EmbeddingOf(ChannelModel model)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new { model = model.Name, input = "Say hi." });
        return new OpenAiEmbeddings(body, EmbeddingsShape.Read(body, out _)!);
    }

    /// <summary>The model to ask for, by the name customers use.</summary>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    public sealed record TestChannelRequest
    {
        public required string Model { get; init; }
    }

    /// <summary>What came of it; the status is null when the provider was not reached.</summary>
    public sealed record TestChannelResponse(bool Ok, int? Status, long LatencyMs, string? Error);
}
