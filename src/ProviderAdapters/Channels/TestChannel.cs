using System.Text.Json;
using System.Text.Json.Serialization;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aigc2d.ProviderAdapters.Channels;

/// <summary>Asks a channel for one short answer, so that an operator learns whether address, credential and model are right.</summary>
public static class TestChannel
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static void MapTestChannel(this IEndpointRouteBuilder routes) => routes.MapPost("/{id:guid}/test", Handle);

    private static async Task<Results<Ok<TestChannelResponse>, ProblemHttpResult>> Handle(
        Guid id, TestChannelRequest body, ChannelDirectory directory, OpenAiUpstream upstream, TimeProvider time, CancellationToken ct)
    {
        if (!directory.Routes.ById.TryGetValue(id, out var channel)) return Problems.NotFound($"There is no channel {id}.");
        if (channel.Models.FirstOrDefault(model => model.Name == body.Model) is not { } model) return Problems.Invalid("model", "must be one of the channel's models.");

        var startedAt = time.GetTimestamp();
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        int? status = null;
        string? error;
        try
        {
            var probe = JsonContent.Create(new Probe(model.Upstream), options: JsonSerializerOptions.Web);
            using var response = await upstream.SendChatAsync(channel, probe, stream: false, either.Token);
            status = (int)response.StatusCode;
            error = await FaultOfAsync(response, channel, model, either.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            error = exception is HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } known
                ? $"not reached: {known.HttpRequestError}"
                : "not reached or not answered in time";
        }

        return TypedResults.Ok(new TestChannelResponse(error is null, status, (long)time.GetElapsedTime(startedAt).TotalMilliseconds, error));
    }

    private static async Task<string?> FaultOfAsync(HttpResponseMessage response, Channel channel, ChannelModel model, CancellationToken ct)
    {
        var body = await response.Content.ReadAsByteArrayAsync(ct);
        if (!response.IsSuccessStatusCode) return UpstreamError.Describe(body, channel, model);
        var answer = new ChatAnswerReader();
        return answer.TryRead(body) && !answer.HasError && answer.Choices.Count > 0 ? null : "the answer is not a chat completion";
    }

    /// <summary>The model to ask for, by the name customers use.</summary>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    public sealed record TestChannelRequest
    {
        public required string Model { get; init; }
    }

    /// <summary>What came of it; the status is null when the provider was not reached.</summary>
    public sealed record TestChannelResponse(bool Ok, int? Status, long LatencyMs, string? Error);

    private sealed record Probe(string Model)
    {
        public object[] Messages { get; } = [new { role = "user", content = "Say hi." }];
    }
}
