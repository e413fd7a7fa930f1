using System.Collections.Concurrent;
using System.Text.Json.Serialization;
using Aigc2d.Contracts;
using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Aigc2d.ProviderAdapters.ProviderKeys;

/// <summary>Asks for one short answer over one of the caller's keys, so that its owner learns whether credential and model are right. One at a time per account.</summary>
internal sealed class TestProviderKey(ProviderKeyDirectory directory, ChannelDirectory platform, ChannelProbe probe)
{
    private readonly ConcurrentDictionary<Guid, bool> _underWay = new();

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost(
        "/{id:guid}/test",
        static (Guid id, [FromHeader(Name = CallHeaders.AccountId)] Guid accountId, TestProviderKeyRequest body, TestProviderKey test, CancellationToken ct) => test.HandleAsync(id, accountId, body, ct));

    private async Task<Results<Ok<TestChannel.TestChannelResponse>, ProblemHttpResult>> HandleAsync(Guid id, Guid accountId, TestProviderKeyRequest body, CancellationToken ct)
    {
        if (await directory.FindAsync(accountId, id, ct) is not { } key) return Problems.NotFound($"There is no provider key {id}.");
        if (!key.Channel.IsActive) return Problems.Conflict("provider-key-unusable", "The key's credential cannot be read, or its address is no longer allowed. Delete it and store it again.");
        if (!key.Serves(body.Model, platform.Routes)) return Problems.Invalid("model", "must be one of the key's models.");
        if (!_underWay.TryAdd(accountId, true)) return Problems.Of(StatusCodes.Status429TooManyRequests, "test-under-way", "A test is under way", "Another key of the account is being tested. Try again when it has ended.");

        try
        {
            return TypedResults.Ok(await probe.AskAsync(key.Channel, new ChannelModel(body.Model, body.Model), ct));
        }
        finally
        {
            _underWay.TryRemove(accountId, out _);
        }
    }

    /// <summary>The model to ask for.</summary>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record TestProviderKeyRequest
    {
        public required string Model { get; init; }
    }
}
