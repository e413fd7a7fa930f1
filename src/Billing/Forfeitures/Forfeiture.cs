using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.Billing.Forfeitures;

/// <summary>What a ban takes from an account, as the database has it and as operators see it.</summary>
internal sealed record Forfeiture
{
    public required Guid Id { get; init; }

    public required Guid AccountId { get; init; }

    public required Guid SuspensionId { get; init; }

    public required Guid[] Violations { get; init; }

    public required string Reason { get; init; }

    public required string OrderedBy { get; init; }

    public required DateTime OrderedAt { get; init; }

    public required DateTime AppealUntil { get; init; }

    /// <summary>ordered, sealed, posted or reversed.</summary>
    public required string State { get; init; }

    /// <summary>What has moved; null while calls of the account are still running.</summary>
    public long? Micropoints { get; init; }

    public DateTime? SealedAt { get; init; }

    public DateTime? PostedAt { get; init; }

    public string? PostedBy { get; init; }

    /// <summary>Why it was posted before the appeal window had passed; null when it had.</summary>
    public string? PostedReason { get; init; }

    /// <summary>The last reversal that was asked for.</summary>
    public Reversal? Reversal { get; init; }

    public static NpgsqlBatchCommand ById(Guid id) => new($"{Select} where f.id = $1") { Parameters = { new() { Value = id } } };

    public static NpgsqlBatchCommand BySuspension(Guid suspensionId) => new($"{Select} where f.suspension_id = $1") { Parameters = { new() { Value = suspensionId } } };

    /// <summary>A page of forfeitures; null for every state.</summary>
    public static NpgsqlBatchCommand Page(string? state, Guid after, int count) => new($"{Select} where f.id > $1 and ($2 is null or f.state = $2) order by f.id limit $3")
    {
        Parameters = { new() { Value = after }, new() { Value = (object?)state ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text }, new() { Value = count } },
    };

    public static Forfeiture Of(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        AccountId = row.GetGuid(1),
        SuspensionId = row.GetGuid(2),
        Violations = row.GetFieldValue<Guid[]>(3),
        Reason = row.GetString(4),
        OrderedBy = row.GetString(5),
        OrderedAt = row.GetDateTime(6),
        AppealUntil = row.GetDateTime(7),
        State = row.GetString(8),
        Micropoints = row.GetFieldValue<long?>(9),
        SealedAt = row.GetFieldValue<DateTime?>(10),
        PostedAt = row.GetFieldValue<DateTime?>(11),
        PostedBy = row.IsDBNull(12) ? null : row.GetString(12),
        PostedReason = row.IsDBNull(13) ? null : row.GetString(13),
        Reversal = row.IsDBNull(14) ? null : Forfeitures.Reversal.Of(row, 14),
    };

    private const string Select = $"""
        select f.id, f.account_id, f.suspension_id, f.violations, f.reason, f.ordered_by, f.ordered_at, f.appeal_until, f.state, f.micropoints, f.sealed_at,
            f.posted_at, f.posted_by, f.posted_reason, r.*
        from forfeitures f left join lateral (
            select {Forfeitures.Reversal.Columns} from forfeiture_reversals where forfeiture_id = f.id order by id desc limit 1) r on true
        """;
}

/// <summary>Somebody's wish, after an appeal, that the points go back.</summary>
internal sealed record Reversal
{
    public required Guid Id { get; init; }

    public required Guid AppealId { get; init; }

    public required string Reason { get; init; }

    /// <summary>pending, approved or refused.</summary>
    public required string State { get; init; }

    public required string RequestedBy { get; init; }

    public required DateTime RequestedAt { get; init; }

    public string? DecidedBy { get; init; }

    public DateTime? DecidedAt { get; init; }

    public string? DecidedReason { get; init; }

    public const string Columns = "id, appeal_id, reason, state, requested_by, requested_at, decided_by, decided_at, decided_reason";

    public static Reversal Of(NpgsqlDataReader row, int first) => new()
    {
        Id = row.GetGuid(first),
        AppealId = row.GetGuid(first + 1),
        Reason = row.GetString(first + 2),
        State = row.GetString(first + 3),
        RequestedBy = row.GetString(first + 4),
        RequestedAt = row.GetDateTime(first + 5),
        DecidedBy = row.IsDBNull(first + 6) ? null : row.GetString(first + 6),
        DecidedAt = row.GetFieldValue<DateTime?>(first + 7),
        DecidedReason = row.IsDBNull(first + 8) ? null : row.GetString(first + 8),
    };
}
