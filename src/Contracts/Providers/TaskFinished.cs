namespace Aigc2d.Contracts.Providers;

/// <summary>
/// A task has come to its one terminal state. ProviderAdapters publishes it once per task, in the transaction that sets that state; Billing charges
/// the price that the hold has pinned when the task succeeded and releases the hold when it failed. Consumers deduplicate by <see cref="TaskId"/>.
/// </summary>
public sealed record TaskFinished
{
    /// <summary>The task's id, which is the request id of its hold and charge.</summary>
    public required Guid TaskId { get; init; }

    /// <summary>The paying account.</summary>
    public required Guid AccountId { get; init; }

    /// <summary>The key that submitted it.</summary>
    public required Guid KeyId { get; init; }

    /// <summary>The model the customer asked for; the hold pinned its price.</summary>
    public required string Model { get; init; }

    /// <summary>What was done, for example <c>imagine</c> or <c>txt2img</c>; says nothing about the price, which the hold knows.</summary>
    public required string Action { get; init; }

    /// <summary>Whether the customer got a result. False also for a task that had none after 15 minutes, was cancelled or was cut by our screening.</summary>
    public required bool Succeeded { get; init; }

    /// <summary>The provider that did it, for example <c>midjourney</c>; null when none was reached.</summary>
    public string? Provider { get; init; }

    /// <summary>The channel it went through; null when none was reached.</summary>
    public Guid? ChannelId { get; init; }

    /// <summary>When the task ended (UTC).</summary>
    public required DateTimeOffset EndedAt { get; init; }
}
