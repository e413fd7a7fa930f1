using Npgsql;

namespace Aigc2d.Accounts.Plans;

/// <summary>A plan as operators see it.</summary>
internal sealed record PlanResponse
{
    public required string Name { get; init; }

    public required int RequestsPerMinute { get; init; }

    public required long TokensPerMinute { get; init; }

    public required int ConcurrentCalls { get; init; }

    /// <summary>Null for no cap.</summary>
    public required long? MicropointsPerDay { get; init; }

    public required int MultiplierPpm { get; init; }

    public required string Strictness { get; init; }

    /// <summary>Reads a row of name, limits, multiplier and strictness.</summary>
    public static PlanResponse Read(NpgsqlDataReader row) => new()
    {
        Name = row.GetString(0),
        RequestsPerMinute = row.GetInt32(1),
        TokensPerMinute = row.GetInt64(2),
        ConcurrentCalls = row.GetInt32(3),
        MicropointsPerDay = row.GetFieldValue<long?>(4),
        MultiplierPpm = row.GetInt32(5),
        Strictness = row.GetString(6),
    };
}

/// <summary>A change of a plan, as it was recorded.</summary>
internal sealed record PlanChangeResponse
{
    public required long Id { get; init; }

    public required string Strictness { get; init; }

    public required string Reason { get; init; }

    /// <summary>The name of the admin key.</summary>
    public required string Actor { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }
}
