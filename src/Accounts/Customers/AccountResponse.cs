using Npgsql;

namespace Aigc2d.Accounts.Customers;

/// <summary>An account without its points, which Billing knows.</summary>
internal sealed record AccountResponse
{
    public required Guid Id { get; init; }

    public required string? Email { get; init; }

    public required string Name { get; init; }

    public required StandingResponse Standing { get; init; }

    public required string Plan { get; init; }

    /// <summary>Reads a row whose last column tells whether the standing has run out.</summary>
    public static AccountResponse Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        Email = row.TextOrNull(1),
        Name = row.GetString(2),
        Plan = row.GetString(3),
        Standing = row.GetFieldValue<bool?>(7) == true
            ? new StandingResponse("active", null, null)
            : new StandingResponse(row.GetString(4), row.GetFieldValue<DateTime?>(5), row.TextOrNull(6)),
    };
}

/// <summary>Whether the account may call.</summary>
/// <param name="State"><c>active</c>, <c>frozen</c>, <c>suspended</c> or <c>banned</c>.</param>
/// <param name="Until">The end (UTC) of a freeze; null when open-ended or active.</param>
/// <param name="Reason">The rule that led here; null when active.</param>
internal sealed record StandingResponse(string State, DateTime? Until, string? Reason);
