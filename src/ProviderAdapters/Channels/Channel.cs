using Aigc2d.ServiceDefaults.Tokens;

namespace Aigc2d.ProviderAdapters.Channels;

/// <summary>A way to a provider: an address, an account there and the models it may be asked for. Not a record: it must never print its credential.</summary>
public sealed class Channel
{
    public required Guid Id { get; init; }

    /// <summary>Which provider's dialect it speaks, for example <c>openai</c>.</summary>
    public required string Provider { get; init; }

    public required string Name { get; init; }

    /// <summary>Without a slash at the end; with or without <c>/v1</c>, as the operator gave it.</summary>
    public required Uri BaseUrl { get; init; }

    public required string Credential { get; init; }

    public required IReadOnlyList<ChannelModel> Models { get; init; }

    /// <summary>Channels of a higher priority are asked first.</summary>
    public required int Priority { get; init; }

    /// <summary>The share of calls among channels of the same priority.</summary>
    public required int Weight { get; init; }

    public required bool IsActive { get; init; }

    /// <summary>Whose own key this is; null for a channel of the platform. It serves that account alone, and the provider bills that account.</summary>
    public Guid? AccountId { get; init; }

    /// <summary>What metrics call it: customers' own keys are too many to be told apart.</summary>
    public object Label => AccountId is null ? Id : "own_key";

    /// <summary>Where the provider computes, as callers may ask for it; null when nobody said.</summary>
    public string? Region { get; init; }

    public ChannelLimits Limits { get; init; } = ChannelLimits.None;

    /// <summary>What the provider charges us, by the name customers use.</summary>
    public IReadOnlyDictionary<string, ModelCost> Costs { get; init; } = new Dictionary<string, ModelCost>();
}

/// <summary>A model as customers call it, and as this channel's provider calls it.</summary>
public sealed record ChannelModel(string Name, string Upstream)
{
    /// <summary>The one of the two that says what the model is and how it counts: the provider's, unless only the customers' is a known one.</summary>
    public string CountedName() => TokenCounter.IsKnown(Upstream) || !TokenCounter.IsKnown(Name) ? Upstream : Name;
}

/// <summary>A channel that can be asked for a model, with its name for that model.</summary>
public sealed record Candidate(Channel Channel, ChannelModel Model)
{
    /// <summary>What is asked for where it is no chat.</summary>
    public string? Kind { get; init; }

    /// <summary>What its health is kept under: whoever asks a chat model for embeddings must not put its chats to rest.</summary>
    public string HealthName => Kind is null ? Model.Name : $"{Model.Name} ({Kind})";
}
