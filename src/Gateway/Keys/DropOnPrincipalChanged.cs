using Aigc2d.Contracts.Accounts;
using MassTransit;

namespace Aigc2d.Gateway.Keys;

/// <summary>Forgets cached principals of an account as soon as Accounts announces a change.</summary>
internal sealed class DropOnPrincipalChanged(PrincipalCache cache) : IConsumer<PrincipalChanged>
{
    public Task Consume(ConsumeContext<PrincipalChanged> context)
    {
        cache.Drop(context.Message.AccountId, context.Message.KeyId);
        return Task.CompletedTask;
    }
}
