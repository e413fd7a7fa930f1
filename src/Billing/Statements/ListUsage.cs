using Aigc2d.Billing.Exports;
using Aigc2d.Contracts;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.Billing.Statements;

/// <summary>The caller's calls with what they cost, free endings included, newest request first. The request id is time and cursor in one.</summary>
internal static class ListUsage
{
    private const int MaxLimit = 1000;
    private static readonly Guid Newest = Guid.AllBitsSet;

    public static void MapListUsage(this IEndpointRouteBuilder routes) => routes.MapGet("/api/usage", Handle);

    private static async Task<IResult> Handle(
        [FromHeader(Name = CallHeaders.AccountId)] Guid accountId, [AsParameters] UsageQuery query, NpgsqlDataSource db, CancellationToken ct)
    {
        var limit = query.Limit ?? 50;
        if (limit is < 1 or > MaxLimit) return Problems.Invalid("limit", $"must be between 1 and {MaxLimit}.");
        var cursor = Newest;
        if (query.After is not null && !Guid.TryParse(query.After, out cursor)) return Problems.Invalid("after", "must be the 'next' of an earlier answer.");
        Guid? keyId = null;
        if (query.KeyId is not null)
        {
            if (!Guid.TryParse(query.KeyId, out var key)) return Problems.Invalid("keyId", "must be the id of a key, as GET /api/keys shows it.");
            keyId = key;
        }

        if (TimeRange.TryRead(query.From, query.To, out var range) is { } problem) return problem;

        var before = range.To is { } to && RequestIds.FirstOf(to) is var end && end < cursor ? end : cursor;
        var items = await ReadAsync(db, accountId, before, range.From is { } from ? RequestIds.FirstOf(from) : Guid.Empty, query.Model, keyId, limit + 1, ct);
        return TypedResults.Ok(new { items = items.Take(limit), next = items.Count > limit ? items[limit - 1].RequestId : (Guid?)null });
    }

    private static async Task<List<UsageItem>> ReadAsync(NpgsqlDataSource db, Guid accountId, Guid before, Guid from, string? model, Guid? keyId, int limit, CancellationToken ct)
    {
        await using var command = db.CreateCommand(Read);
        command.Parameters.Add(new() { Value = accountId });
        command.Parameters.Add(new() { Value = before });
        command.Parameters.Add(new() { Value = from });
        command.Parameters.Add(new() { Value = (object?)model ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = (object?)keyId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = limit });
        var items = new List<UsageItem>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) items.Add(UsageItem.Of(reader));
        return items;
    }

    private const string Read = """
        select request_id, settled_at, key_id, model, provider, end_cause, estimated, input_tokens, output_tokens, cached_input_tokens, charged_micropoints
        from settlements
        where account_id = $1 and request_id < $2 and request_id >= $3 and ($4 is null or model = $4) and ($5 is null or key_id = $5)
        order by request_id desc limit $6
        """;
}

/// <summary>What <c>GET /api/usage</c> can be asked; times are those of the requests.</summary>
internal sealed record UsageQuery(string? From, string? To, string? Model, string? KeyId, string? After, int? Limit);

/// <summary>One call and its cost.</summary>
internal sealed record UsageItem
{
    public required Guid RequestId { get; init; }

    /// <summary>When the request came.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>When the charge was posted: the statement's month.</summary>
    public required DateTimeOffset SettledAt { get; init; }

    public required Guid KeyId { get; init; }

    public required string Model { get; init; }

    public required string? Provider { get; init; }

    public required string EndCause { get; init; }

    public required bool Estimated { get; init; }

    public required int InputTokens { get; init; }

    public required int OutputTokens { get; init; }

    public required int CachedInputTokens { get; init; }

    public required long ChargedMicropoints { get; init; }

    public static UsageItem Of(NpgsqlDataReader row) => new()
    {
        RequestId = row.GetGuid(0),
        Time = RequestIds.TimeOf(row.GetGuid(0)) ?? row.GetFieldValue<DateTimeOffset>(1),
        SettledAt = row.GetFieldValue<DateTimeOffset>(1),
        KeyId = row.GetGuid(2),
        Model = row.GetString(3),
        Provider = row.IsDBNull(4) ? null : row.GetString(4),
        EndCause = row.GetString(5),
        Estimated = row.GetBoolean(6),
        InputTokens = row.GetInt32(7),
        OutputTokens = row.GetInt32(8),
        CachedInputTokens = row.GetInt32(9),
        ChargedMicropoints = row.GetInt64(10),
    };
}
