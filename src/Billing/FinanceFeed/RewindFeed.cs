using System.Text.Json.Serialization;
using Aigc2d.Contracts;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace Aigc2d.Billing.FinanceFeed;

/// <summary>Publishes once more what follows a position: for a broker or a finance system that has lost its data. Who has an event already ignores it.</summary>
internal static class RewindFeed
{
    public static void MapRewindFeed(this IEndpointRouteBuilder routes) => routes.MapPost("/finance/feed/rewind", HandleAsync);

    private static async Task<IResult> HandleAsync(
        RewindFeedRequest body,
        [FromHeader(Name = CallHeaders.Actor)] string actor,
        NpgsqlDataSource db,
        FeedSignal signal,
        ILogger<FeedRelay> logger,
        CancellationToken ct)
    {
        if (body.Position < 0) return Problems.Invalid("position", "must be a position, 0 or more.");

        await using var command = db.CreateCommand(Rewind);
        command.Parameters.Add(new() { Value = body.Position });
        if (await command.ExecuteScalarAsync(ct) is not long published)
            return Problems.Conflict("not-published", $"Position {body.Position} is not published yet, so nothing that follows it can be published again. GET /finance/events shows the positions.");

        logger.LogWarning("{Actor} rewinds the finance feed from position {Published} to {Position}", actor, published, body.Position);
        signal.Poke();
        return TypedResults.Ok(new { published, position = body.Position });
    }

    // Answers with the position before; no row when the position lies ahead.
    private const string Rewind = """
        with before as (select published_position from billing_feed_cursor for update)
        update billing_feed_cursor c set published_position = $1 from before b where b.published_position >= $1 returning b.published_position
        """;
}

/// <summary>From where on to publish again.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RewindFeedRequest
{
    /// <summary>The last position that needs no repetition; 0 repeats everything.</summary>
    public required long Position { get; init; }
}
