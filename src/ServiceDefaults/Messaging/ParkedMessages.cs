using MassTransit;
using MassTransit.Configuration;

namespace Aigc2d.ServiceDefaults.Messaging;

/// <summary>
/// Keeps code paths out of the error queue: a parked message carries the kind and the reason of its failure, no stack trace. It stands before each
/// message's retries, so it has to be made before them: a filter of the endpoint would run inside them and hide from them what has failed.
/// </summary>
internal sealed class ParkedMessages : ConfigurationObserver, IMessageConfigurationObserver
{
    public ParkedMessages(IConsumePipeConfigurator pipe)
        : base(pipe) => Connect(this);

    public void MessageConfigured<TMessage>(IConsumePipeConfigurator configurator)
        where TMessage : class => configurator.AddPipeSpecification(new FilterPipeSpecification<ConsumeContext<TMessage>>(new Filter<TMessage>()));

    private sealed class Filter<TMessage> : IFilter<ConsumeContext<TMessage>>
        where TMessage : class
    {
        public async Task Send(ConsumeContext<TMessage> context, IPipe<ConsumeContext<TMessage>> next)
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
}

/// <summary>Why a message was parked.</summary>
internal sealed class ParkedMessageException(string message) : Exception(message)
{
    public override string? StackTrace => null;
}
