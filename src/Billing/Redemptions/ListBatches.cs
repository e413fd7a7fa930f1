using Aigc2d.ServiceDefaults.Http;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.Billing.Redemptions;

/// <summary>Shows batches and how many of their codes are used, never a code.</summary>
internal static class ListBatches
{
    private static readonly string[] States = ["pending", "active", "revoked"];

    public static void MapListBatches(this IEndpointRouteBuilder routes) => routes.MapGet("/admin/redemption-codes", Handle);

    private static async Task<IResult> Handle(BatchList batches, CancellationToken ct, string? state = null, int? limit = null, string? after = null)
    {
        if (state is not null && !States.Contains(state, StringComparer.Ordinal)) return Problems.Invalid("state", $"must be one of {string.Join(", ", States)}.");
        if (Paging.TryRead(limit, after, out var paging) is { } problem) return problem;
        return TypedResults.Ok(paging.Page(await batches.ReadAsync(state, paging, ct), batch => batch.BatchId));
    }
}

/// <summary>A batch as operators see it. count = open + redeemed + expired + void; what is void was revoked.</summary>
internal sealed record CodeBatch
{
    public required Guid BatchId { get; init; }

    public required string State { get; init; }

    public required string? Name { get; init; }

    public required string? Reason { get; init; }

    public required long Micropoints { get; init; }

    public required DateTime? ExpiresAt { get; init; }

    public required string RequestedBy { get; init; }

    public required DateTime RequestedAt { get; init; }

    public required string? ApprovedBy { get; init; }

    public required string? RevokedBy { get; init; }

    public required string? RevokedReason { get; init; }

    public required int Count { get; init; }

    public required long Open { get; init; }

    public required long Redeemed { get; init; }

    public required long Expired { get; init; }

    public required long Void { get; init; }
}

/// <summary>Reads batches with the counts of their codes.</summary>
internal sealed class BatchList(NpgsqlDataSource db)
{
    /// <summary>A page of batches, and one more when there is more.</summary>
    public async Task<List<CodeBatch>> ReadAsync(string? state, Paging paging, CancellationToken ct)
    {
        await using var command = db.CreateCommand($"{Select} where b.id > $1 and ($2 is null or b.state = $2) order by b.id limit $3");
        command.Parameters.Add(new() { Value = paging.After });
        command.Parameters.Add(new() { Value = (object?)state ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = paging.Limit + 1 });
        return await ReadAsync(command, ct);
    }

    public async Task<CodeBatch> FindAsync(Guid batchId, CancellationToken ct)
    {
        await using var command = db.CreateCommand($"{Select} where b.id = $1");
        command.Parameters.Add(new() { Value = batchId });
        return (await ReadAsync(command, ct)).Single();
    }

    private static async Task<List<CodeBatch>> ReadAsync(NpgsqlCommand command, CancellationToken ct)
    {
        var batches = new List<CodeBatch>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) batches.Add(Of(reader));
        return batches;
    }

    private static CodeBatch Of(NpgsqlDataReader row)
    {
        var (count, redeemed, revoked) = (row.GetInt32(11), row.GetInt64(12), row.GetInt64(13));
        var left = count - redeemed - revoked;
        var isOver = row.GetBoolean(14);
        return new()
        {
            BatchId = row.GetGuid(0),
            State = row.GetString(1),
            Name = row.IsDBNull(2) ? null : row.GetString(2),
            Reason = row.IsDBNull(3) ? null : row.GetString(3),
            Micropoints = row.GetInt64(4),
            ExpiresAt = row.GetFieldValue<DateTime?>(5),
            RequestedBy = row.GetString(6),
            RequestedAt = row.GetDateTime(7),
            ApprovedBy = row.IsDBNull(8) ? null : row.GetString(8),
            RevokedBy = row.IsDBNull(9) ? null : row.GetString(9),
            RevokedReason = row.IsDBNull(10) ? null : row.GetString(10),
            Count = count,
            Open = isOver ? 0 : left,
            Redeemed = redeemed,
            Expired = isOver ? left : 0,
            Void = revoked,
        };
    }

    private const string Select = """
        select b.id, b.state, b.name, b.reason, b.micropoints, b.expires_at, b.requested_by, b.requested_at, b.approved_by, b.revoked_by, b.revoked_reason,
            b.code_count, c.redeemed, c.revoked, coalesce(b.expires_at <= ledger_now(), false)
        from redemption_batches b left join lateral (
            select count(*) filter (where redeemed_by is not null) as redeemed, count(*) filter (where revoked_at is not null) as revoked
            from redemption_codes where batch_id = b.id) c on true
        """;
}
