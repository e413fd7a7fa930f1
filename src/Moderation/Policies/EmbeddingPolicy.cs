using System.Text.Json.Serialization;

namespace Aigc2d.Moderation.Policies;

/// <summary>Whether the input of embeddings is screened as other prompts are, from a date on. Where it is not, only the four P0 categories still block.</summary>
internal sealed record EmbeddingPolicy
{
    /// <summary>What applies where nobody has decided anything.</summary>
    public static readonly EmbeddingPolicy BuiltIn = new() { Screened = true };

    public required bool Screened { get; init; }

    /// <summary>Null for what the service is built with.</summary>
    public DateTimeOffset? EffectiveFrom { get; init; }

    public string? Reason { get; init; }

    public string? Actor { get; init; }

    /// <summary>0 for what the service is built with.</summary>
    public long Version { get; init; }
}

/// <summary>Such a policy as operators write it.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record EmbeddingPolicyRow
{
    public required bool Screened { get; init; }

    /// <summary>When it begins; null is now.</summary>
    [JsonConverter(typeof(ZonedTimes))]
    public DateTimeOffset? EffectiveFrom { get; init; }

    /// <summary>Why, for whoever reads the history.</summary>
    public required string Reason { get; init; }
}
