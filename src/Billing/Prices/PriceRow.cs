using System.Text.Json.Serialization;
using Aigc2d.Billing.Ledger;

namespace Aigc2d.Billing.Prices;

/// <summary>A price row as operators write it. Micropoints per 1,000 tokens; null means: now, the input's rate, the model's maximum.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PriceRow
{
    public required string Model { get; init; }

    public DateTimeOffset? EffectiveFrom { get; init; }

    public required long InputMicropointsPer1k { get; init; }

    public required long OutputMicropointsPer1k { get; init; }

    public long? CachedInputMicropointsPer1k { get; init; }

    public required int ContextTokens { get; init; }

    public required int MaxOutputTokens { get; init; }

    public int? HoldOutputTokens { get; init; }

    /// <summary>What is wrong with the row at <paramref name="index"/>, by field.</summary>
    public IEnumerable<(string Field, string Message)> Faults(int index)
    {
        if (Model.Length is 0 or > 200 || Model.Any(char.IsControl)) yield return (Field("model"), "must have 1 to 200 characters, none of them a control character.");
        if (!IsRate(InputMicropointsPer1k)) yield return (Field("inputMicropointsPer1k"), RateBounds);
        if (!IsRate(OutputMicropointsPer1k)) yield return (Field("outputMicropointsPer1k"), RateBounds);
        if (CachedInputMicropointsPer1k is { } cached && !IsRate(cached)) yield return (Field("cachedInputMicropointsPer1k"), RateBounds);
        if (ContextTokens < 1) yield return (Field("contextTokens"), "must be 1 or more.");
        if (MaxOutputTokens < 1) yield return (Field("maxOutputTokens"), "must be 1 or more.");
        if (HoldOutputTokens is { } hold && (hold < 1 || hold > MaxOutputTokens)) yield return (Field("holdOutputTokens"), "must be between 1 and maxOutputTokens, or null.");

        string Field(string name) => $"[{index}].{name}";
    }

    private const string RateBounds = "must be between 0 and 1,000,000,000,000 micropoints per 1,000 tokens.";

    private static bool IsRate(long rate) => rate is >= 0 and <= 1_000_000 * Micropoints.PerPoint;
}
