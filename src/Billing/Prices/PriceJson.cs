using System.Text.Json;
using System.Text.Json.Serialization;
using Aigc2d.ServiceDefaults.Json;

namespace Aigc2d.Billing.Prices;

/// <summary>How a price row is kept: what has a column in its column, the rest as one JSON object.</summary>
internal static class PriceJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new UtcTimes() },
    };

    private static readonly string[] Columns =
    [
        "model", "effectiveFrom", "inputMicropointsPer1k", "outputMicropointsPer1k", "cachedInputMicropointsPer1k", "contextTokens", "maxOutputTokens", "holdOutputTokens",
    ];

    /// <summary>The members of a row that have no column; null when there are none.</summary>
    public static string? RatesOf(PriceRow row)
    {
        var members = JsonSerializer.SerializeToNode(row, Options)!.AsObject();
        foreach (var column in Columns) members.Remove(column);
        return members.Count == 0 ? null : members.ToJsonString();
    }
}
