using System.Text.Json;
using System.Text.Json.Serialization;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Clients.OpenAi;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aigc2d.ProviderAdapters.Channels;

/// <summary>Asks a channel for one short answer, so that an operator learns whether address, credential and model are right.</summary>
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

        return new TestChannelResponse(error is null, status, (long)time.GetElapsedTime(startedAt).TotalMilliseconds, error);
    }

    private static string? FaultOf(IProviderAdapter adapter, OpenAiChat probe, bool isSuccess, byte[] body, Channel channel, ChannelModel model)
    {
        if (!isSuccess) return adapter.Describe(body, channel, model);

        var (answer, _) = adapter.Answer(probe, model.Name);
        if (!answer.TryReadPlain(body)) return "the answer is not a chat completion";
        return answer.HasError ? adapter.Describe(body, channel, model) : null;
    }

    private static OpenAiChat ProbeOf(ChannelModel model)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new { model = model.Name, messages = new[] { new { role = "user", content = "Say hi." } } });
        return new OpenAiChat(body, ChatRequestShape.Read(body, out _)!);
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
