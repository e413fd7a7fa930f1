using Aigc2d.Contracts.Providers;
using MassTransit;

namespace Aigc2d.Billing.Settlements;

/// <summary>Charges a task that succeeded what its hold has pinned, and releases the hold of one that failed; once per task id.</summary>
internal sealed class SettleOnTask(Settlement settlement) : IConsumer<TaskFinished>
{
    public const string Queue = "billing.task-finished";

    public Task Consume(ConsumeContext<TaskFinished> context) => settlement.SubmitAsync(UsageOf(context.Message));

    /// <summary>A task settles as a call that used nothing more: the quantities of its hold are what it is charged for.</summary>
    public static UsageRecorded UsageOf(TaskFinished task) => new()
    {
        RequestId = task.TaskId,
        AccountId = task.AccountId,
        KeyId = task.KeyId,
        Model = task.Model,
        Provider = task.Provider,
        ChannelId = task.ChannelId,
        EndCause = task.Succeeded ? EndCause.Completed : EndCause.ProviderError,
        InputTokens = 0,
        OutputTokens = 0,
        EndedAt = task.EndedAt,
    };
}
