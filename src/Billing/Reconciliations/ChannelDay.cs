using Npgsql;

namespace Aigc2d.Billing.Reconciliations;

/// <summary>One channel on one UTC day, as each side counts it. Differences are ours minus theirs.</summary>
internal sealed record ChannelDay
{
    public required Guid ChannelId { get; init; }

    public required DateOnly Day { get; init; }

    public required LedgerSide Ledger { get; init; }

    public required UsageSide Usage { get; init; }

    /// <summary>What ProviderAdapters has recorded; null until it has told its totals.</summary>
    public required AdaptersSide? Adapters { get; init; }

    /// <summary>What was imported of the provider's own figures; null until then.</summary>
    public required ProviderSide? Provider { get; init; }

    public long LedgerMinusUsageMicropoints => Ledger.ChargedMicropoints - Usage.ChargedMicropoints;

    public TokenDifference? UsageMinusAdapters => Adapters is null ? null : new(Usage.Requests - Adapters.Requests, Usage.InputTokens - Adapters.InputTokens, Usage.OutputTokens - Adapters.OutputTokens);

    public TokenDifference? UsageMinusProvider => Provider is null ? null : new(null, Usage.InputTokens - Provider.InputTokens, Usage.OutputTokens - Provider.OutputTokens);

    /// <summary>Whether our tokens differ from the provider's by at most one in a hundred of the provider's; null without its figures.</summary>
    public bool? WithinOnePercent => UsageMinusProvider is { } difference
        ? IsWithin(difference.InputTokens, Provider!.InputTokens) && IsWithin(difference.OutputTokens, Provider.OutputTokens)
        : null;

    public static ChannelDay Of(NpgsqlDataReader row) => new()
    {
        ChannelId = row.GetGuid(0),
        Day = row.GetFieldValue<DateOnly>(1),
        Ledger = new(row.GetInt64(2), row.GetInt64(3)),
        Usage = new(row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.GetInt64(7), row.GetInt64(8), row.GetInt64(9), row.GetInt64(10)),
        Adapters = row.IsDBNull(11) ? null : new(row.GetInt64(11), row.GetInt64(12), row.GetInt64(13), row.GetInt64(14), row.GetInt64(15)),
        Provider = row.IsDBNull(16) ? null : new(row.GetInt64(16), row.GetInt64(17), row.GetString(18), row.GetFieldValue<DateTimeOffset>(19)),
    };

    private static bool IsWithin(long difference, long of) => Int128.Abs(difference) * 100 <= of;
}

/// <summary>The ledger's charge entries.</summary>
internal sealed record LedgerSide(long Charges, long ChargedMicropoints);

/// <summary>Billing's settlements, free endings included.</summary>
internal sealed record UsageSide(long Requests, long Charges, long InputTokens, long OutputTokens, long CachedInputTokens, long PricedMicropoints, long ChargedMicropoints)
{
    /// <summary>Priced but not charged: shortfalls beyond their cap and late usage without points.</summary>
    public long LostMicropoints => PricedMicropoints - ChargedMicropoints;
}

internal sealed record AdaptersSide(long Requests, long InputTokens, long OutputTokens, long CachedInputTokens, long Revision);

internal sealed record ProviderSide(long InputTokens, long OutputTokens, string Source, DateTimeOffset ImportedAt);

internal sealed record TokenDifference(long? Requests, long InputTokens, long OutputTokens);
