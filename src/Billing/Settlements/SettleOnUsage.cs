using Aigc2d.Contracts.Providers;
using MassTransit;

namespace Aigc2d.Billing.Settlements;

/// <summary>Settles the hold of a call that has ended. What makes no sense is parked in the error queue, never dropped.</summary>
internal sealed class SettleOnUsage(Settlement settlement) : IConsumer<UsageRecorded>
{
    public const string Queue = "billing.usage-recorded";

    public Task Consume(ConsumeContext<UsageRecorded> context)
    {
        var usage = context.Message;
        if (HasNegative(usage)) throw new ArgumentException($"Usage of request {usage.RequestId} has negative counts.");
        if (usage.ImageSize?.Length > 32 || usage.ImageQuality?.Length > 32) throw new ArgumentException($"Usage of request {usage.RequestId} has an impossible image size.");

        return settlement.SubmitAsync(usage);
    }

    private static bool HasNegative(UsageRecorded usage)
    {
        ReadOnlySpan<long> counts =
        [
            usage.InputTokens, usage.OutputTokens, usage.CachedInputTokens, usage.CacheWriteTokens, usage.AudioInputTokens, usage.ImageInputTokens,
            usage.ReasoningTokens, usage.AudioOutputTokens, usage.ImageOutputTokens, usage.Milliseconds, usage.Characters, usage.Images,
        ];
        return counts.IndexOfAnyInRange(long.MinValue, -1) >= 0;
    }
}
