using Aigc2d.Contracts.Accounts;
using MassTransit;

namespace Aigc2d.Gateway.Keys;

/// <summary>
/// Has keys verified again as soon as Accounts announces new terms of a plan. All of them: plans change rarely, and while Accounts is away the known terms go on.
/// </summary>
internal sealed class DoubtOnPlanChanged(PrincipalCache cache) : IConsumer<PlanChanged>
{
    public Task Consume(ConsumeContext<PlanChanged> context)
    {
        cache.DoubtAll();
        return Task.CompletedTask;
    }
}
