using Npgsql;

namespace Aigc2d.Billing.Holds;

/// <summary>A hold as the database has it.</summary>
internal sealed record HoldRow
{
    public required Guid RequestId { get; init; }

    public required Guid AccountId { get; init; }

    public required Guid KeyId { get; init; }

    public required string Model { get; init; }

    public required long? PriceVersion { get; init; }

    public required int MultiplierPpm { get; init; }

    /// <summary>The share of the price that is charged if the call goes over the customer's own provider key.</summary>
    public required int OwnKeyFeePpm { get; init; }

    public required int InputTokens { get; init; }

    public required int HeldOutputTokens { get; init; }

    public required long MostMicropoints { get; init; }

    public required long GrantedMicropoints { get; init; }

    public required long SettledMicropoints { get; init; }

    public required string State { get; init; }

    public required byte[] Fingerprint { get; init; }

    /// <summary>What was asked for beside tokens, as the column has it; null for an ordinary chat.</summary>
    public string? Quantities { get; init; }

    public required DateTimeOffset PlacedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public bool IsOpen => State == "open";

    /// <summary>A release that came before its hold: nothing was ever frozen.</summary>
    public bool IsTombstone => PriceVersion is null;

    public const string Columns = """
        request_id, account_id, key_id, model, price_version, multiplier_ppm, input_tokens, held_output_tokens,
        most_micropoints, granted_micropoints, settled_micropoints, state, fingerprint, placed_at, expires_at, quantities, own_key_fee_ppm
        """;

    public static HoldRow Of(NpgsqlDataReader row) => new()
    {
        RequestId = row.GetGuid(0),
        AccountId = row.GetGuid(1),
        KeyId = row.GetGuid(2),
        Model = row.GetString(3),
        PriceVersion = row.IsDBNull(4) ? null : row.GetInt64(4),
        MultiplierPpm = row.GetInt32(5),
        InputTokens = row.GetInt32(6),
        HeldOutputTokens = row.GetInt32(7),
        MostMicropoints = row.GetInt64(8),
        GrantedMicropoints = row.GetInt64(9),
        SettledMicropoints = row.GetInt64(10),
        State = row.GetString(11),
        Fingerprint = row.GetFieldValue<byte[]>(12),
        PlacedAt = row.GetFieldValue<DateTimeOffset>(13),
        ExpiresAt = row.GetFieldValue<DateTimeOffset>(14),
        Quantities = row.IsDBNull(15) ? null : row.GetString(15),
        OwnKeyFeePpm = row.GetInt32(16),
    };
}
