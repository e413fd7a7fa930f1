using Aigc2d.ServiceDefaults.Http;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.Billing.Adjustments;

/// <summary>Shows adjustments; with <c>?state=pending</c> those that wait for a second person.</summary>
internal static class ListAdjustments
{
    private static readonly string[] States = ["pending", "posted", "refused"];

    public static void MapListAdjustments(this IEndpointRouteBuilder routes) => routes.MapGet("/admin/adjustments", Handle);

    private static async Task<IResult> Handle(NpgsqlDataSource db, CancellationToken ct, string? state = null, int? limit = null, string? after = null)
    {
        if (state is not null && !States.Contains(state, StringComparer.Ordinal)) return Problems.Invalid("state", $"must be one of {string.Join(", ", States)}.");
        if (Paging.TryRead(limit, after, out var paging) is { } problem) return problem;

        var items = new List<ListedAdjustment>();
        await using var command = db.CreateCommand(Select);
        command.Parameters.Add(new() { Value = paging.After });
        command.Parameters.Add(new() { Value = (object?)state ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = paging.Limit + 1 });
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) items.Add(Of(reader));
        return TypedResults.Ok(paging.Page(items, item => item.TransactionId));
    }

    private static ListedAdjustment Of(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        row.GetGuid(1),
        row.GetInt64(2),
        row.GetString(3),
        row.GetString(4),
        row.GetString(5),
        row.GetDateTime(6),
        row.IsDBNull(7) ? null : row.GetString(7),
        row.GetFieldValue<DateTime?>(8),
        row.IsDBNull(9) ? null : row.GetString(9),
        row.IsDBNull(10) ? null : row.GetString(10));

    private const string Select = """
        select id, account_id, amount_micropoints, reason, state, requested_by, requested_at, approved_by, posted_at, refused_by, refused_reason
        from adjustments where id > $1 and ($2 is null or state = $2) order by id limit $3
        """;
}

/// <summary>An adjustment as operators see it.</summary>
internal sealed record ListedAdjustment(
    Guid TransactionId,
    Guid AccountId,
    long Micropoints,
    string Reason,
    string State,
    string RequestedBy,
    DateTime RequestedAt,
    string? ApprovedBy,
    DateTime? PostedAt,
    string? RefusedBy,
    string? RefusedReason);
