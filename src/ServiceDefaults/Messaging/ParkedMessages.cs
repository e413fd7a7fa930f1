using MassTransit;

namespace Aigc2d.ServiceDefaults.Messaging;

/// <summary>Keeps code paths out of the error queue: a parked message carries the kind and the reason of its failure, no stack trace.</summary>
internal sealed class ParkedMessages : IFilter<ConsumeContext>
{
    public async Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        try
        {
            await next.Send(context);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new ParkedMessageException($"{exception.GetType().Name}: {exception.Message}");
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("parkedMessages");
}

/// <summary>Why a message was parked.</summary>
internal sealed class ParkedMessageException(string message) : Exception(message)
{
    public override string? StackTrace => null;
}
