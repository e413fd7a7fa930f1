using System.Text.Json.Serialization;

namespace Aigc2d.ProviderAdapters.Channels;

/// <summary>What one process may ask of a channel at most; null means as much as it likes.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ChannelLimits
{
    public static readonly ChannelLimits None = new();

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? RequestsPerMinute { get; init; }

    /// <summary>Prompt and output together.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? TokensPerMinute { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ConcurrentCalls { get; init; }
}

/// <summary>What the provider charges us for a model over a channel, in micropoints per 1,000 tokens. What the customer pays is Billing's matter.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ModelCost
{
    public required long InputMicropointsPer1k { get; init; }

    public required long OutputMicropointsPer1k { get; init; }
}
