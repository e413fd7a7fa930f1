using Aigc2d.Contracts;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.ProviderAdapters.Channels;

/// <summary>Closes a way to a provider and forgets its credential. Calls that run over it end by themselves; its models stay known.</summary>
public static class DeleteChannel
{
    public static void MapDeleteChannel(this IEndpointRouteBuilder routes) => routes.MapDelete("/{id:guid}", Handle);

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, HttpRequest request, NpgsqlDataSource db, ChannelDirectory directory, ILogger<Channel> logger, CancellationToken ct)
    {
        var delete = new NpgsqlBatchCommand(Delete) { Parameters = { ChannelRow.Value(id, NpgsqlDbType.Uuid) } };
        if (await ChannelRow.ChangeAsync(db, delete, null, ct) is null) return Problems.NotFound($"There is no channel {id}.");

        await directory.ReloadAsync(ct);
        logger.LogInformation("Channel {Id} was deleted by {Actor}", id, request.Headers[CallHeaders.Actor].ToString());
        return TypedResults.NoContent();
    }

    private const string Delete = $"delete from channels where id = $1 returning {ChannelRow.Columns}";
}
