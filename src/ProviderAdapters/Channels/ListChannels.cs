using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.ProviderAdapters.Channels;

/// <summary>All channels, oldest first, page by page.</summary>
public static class ListChannels
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1_000;

    public static void MapListChannels(this IEndpointRouteBuilder routes) => routes.MapGet("", Handle);

    private static async Task<Results<Ok<ChannelsResponse>, ProblemHttpResult>> Handle(int? limit, string? after, NpgsqlDataSource db, CancellationToken ct)
    {
        var count = limit ?? DefaultLimit;
        if (count is < 1 or > MaxLimit) return Problems.Invalid("limit", $"must lie between 1 and {MaxLimit}.");
        var position = Guid.Empty;
        if (after is not null && !Guid.TryParse(after, out position)) return Problems.Invalid("after", "must be the 'next' of the page before.");

        var items = new List<ChannelResponse>();
        await using var command = db.CreateCommand(Select);
        command.Parameters.Add(ChannelRow.Value(position, NpgsqlDbType.Uuid));
        command.Parameters.Add(ChannelRow.Value(count + 1, NpgsqlDbType.Integer));
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) items.Add(ChannelRow.Read(reader));

        var hasMore = items.Count > count;
        if (hasMore) items.RemoveAt(count);
        return TypedResults.Ok(new ChannelsResponse([.. items], hasMore ? items[^1].Id.ToString() : null));
    }

    private const string Select = $"select {ChannelRow.Columns} from channels where id > $1 order by id limit $2";
}
