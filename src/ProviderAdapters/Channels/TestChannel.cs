using System.Text.Json.Serialization;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aigc2d.ProviderAdapters.Channels;

/// <summary>Asks a channel for one short answer, so that an operator learns whether address, credential and model are right.</summary>
public static class TestChannel
{
    public static void MapTestChannel(this IEndpointRouteBuilder routes) => routes.MapPost("/{id:guid}/test", Handle);

    private static async Task<Results<Ok<TestChannelResponse>, ProblemHttpResult>> Handle(
        Guid id, TestChannelRequest body, ChannelDirectory directory, ChannelProbe probe, CancellationToken ct)
    {
        if (!directory.Routes.ById.TryGetValue(id, out var channel)) return Problems.NotFound($"There is no channel {id}.");
        if (channel.Models.FirstOrDefault(model => model.Name == body.Model) is not { } model) return Problems.Invalid("model", "must be one of the channel's models.");

        return TypedResults.Ok(await probe.AskAsync(channel, model, ct));
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
