using Npgsql;

namespace Aigc2d.Accounts.Keys;

/// <summary>A key as its owner sees it again and again: everything but the key.</summary>
internal sealed record KeyRow
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required string Last4 { get; init; }

    public required string[] Scopes { get; init; }

    public required string[]? Models { get; init; }

    public required string[]? IpRanges { get; init; }

    /// <summary>UTC.</summary>
    public required DateTime? ExpiresAt { get; init; }

    public required long? MicropointsPerDay { get; init; }

    /// <summary>UTC.</summary>
    public required DateTime CreatedAt { get; init; }

    public static KeyRow Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        Name = row.GetString(1),
        Last4 = row.GetString(2),
        Scopes = row.GetFieldValue<string[]>(3),
        Models = row.TextsOrNull(4),
        IpRanges = row.TextsOrNull(5),
        ExpiresAt = row.GetFieldValue<DateTime?>(6),
        MicropointsPerDay = row.GetFieldValue<long?>(7),
        CreatedAt = row.GetDateTime(8),
    };
}

/// <summary>A key that was just made, with its text: shown this once.</summary>
internal sealed record NewKey(Guid Id, string Key)
{
    public string Last4 => KeyText.Last4(Key);

    public static NewKey Make() => new(Guid.CreateVersion7(), KeyText.New());
}
