using Aigc2d.Contracts.Providers;
using MassTransit;

namespace Aigc2d.Billing.Settlements;

/// <summary>Settles the hold of a call that has ended. What makes no sense is parked in the error queue, never dropped.</summary>
internal sealed class SettleOnUsage(Settlement settlement) : IConsumer<UsageRecorded>
{
    public const string Queue = "billing.usage-recorded";

    /// <summary>Times the largest rate and multiplier this still fits into 128 bits.</summary>
    private const long Most = 1_000_000_000_000;

    public Task Consume(ConsumeContext<UsageRecorded> context)
    {
        var usage = context.Message;
        if (IsImpossible(usage)) throw new ArgumentException($"Usage of request {usage.RequestId} has counts below 0 or beyond {Most}.");
        if (usage.ImageSize?.Length > 32 || usage.ImageQuality?.Length > 32) throw new ArgumentException($"Usage of request {usage.RequestId} has an impossible image size.");

        return settlement.SubmitAsync(usage);
    }

    private static bool IsImpossible(UsageRecorded usage)
    {
        ReadOnlySpan<long> counts =
        [
            usage.InputTokens, usage.OutputTokens, usage.CachedInputTokens, usage.CacheWriteTokens, usage.AudioInputTokens, usage.ImageInputTokens,
            usage.ReasoningTokens, usage.AudioOutputTokens, usage.ImageOutputTokens, usage.Milliseconds, usage.Characters, usage.Images,
        ];
        return counts.IndexOfAnyExceptInRange(0, Most) >= 0;
    }
}
