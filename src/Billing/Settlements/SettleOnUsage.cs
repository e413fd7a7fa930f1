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
        if (usage.InputTokens < 0 || usage.OutputTokens < 0 || usage.CachedInputTokens < 0)
            throw new ArgumentException($"Usage of request {usage.RequestId} has negative token counts.");

        return settlement.SubmitAsync(usage);
    }
}
