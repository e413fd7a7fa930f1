using System.Text.Json.Serialization;

namespace Aigc2d.Moderation.Policies;

/// <summary>A policy row as operators write it.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PolicyRow
{
    public required string Category { get; init; }

    /// <summary><c>prompt</c> or <c>output</c>.</summary>
    public required string Stage { get; init; }

    /// <summary>When it begins; null is now.</summary>
    [JsonConverter(typeof(ZonedTimes))]
    public DateTimeOffset? EffectiveFrom { get; init; }

    /// <summary>The most that comes of the category, whoever finds it: <c>block</c>, <c>review</c> or <c>allow</c>.</summary>
    public string Action { get; init; } = "block";

    /// <summary>The probability from which the classifier blocks; null is the model's own threshold.</summary>
    public decimal? BlockAt { get; init; }

    /// <summary>The probability from which a person is to look later; null is the model's own threshold.</summary>
    public decimal? ReviewAt { get; init; }

    /// <summary>What a written rule of the category asks for: <c>block</c>, <c>review</c> or <c>allow</c>.</summary>
    public string OnRuleHit { get; init; } = "block";

    /// <summary>Whether a block counts against the account; null is the category's default.</summary>
    public bool? Strike { get; init; }

    /// <summary>Why, for whoever reads the history.</summary>
    public required string Reason { get; init; }

    /// <summary>What a missing strike means: prompts count against the account, P2 and outputs never do.</summary>
    [JsonIgnore]
    public bool EffectiveStrike => Strike ?? (Stage == "prompt" && Category != "jurisdiction");
}
