using Aigc2d.ServiceDefaults.Postgres;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Aigc2d.ServiceDefaults.Messaging;

/// <summary>Sets up a bus as this suite uses it.</summary>
internal sealed class BusFactory(BrokerAddress broker, BusEndpoints endpoints, BusWatch watch)
{
    /// <summary>Another bus beside the container's own, with the same consumers.</summary>
    public IBusControl Create(IServiceProvider services)
    {
        LogContext.ConfigureCurrentLogContextIfNull(services);
        return Bus.Factory.CreateUsingRabbitMq(rabbit => Configure(services.GetRequiredService<IBusRegistrationContext>(), rabbit));
    }

    public void Configure(IBusRegistrationContext context, IRabbitMqBusFactoryConfigurator rabbit)
    {
        rabbit.Host(broker.Host, (ushort)broker.Port, broker.VirtualHost, host =>
        {
            host.Username(broker.User);
            host.Password(broker.Password);
            host.PublisherConfirmation = true;
            host.Heartbeat(TimeSpan.FromSeconds(5));
        });
        foreach (var endpoint in endpoints.All) Receive(rabbit, context, endpoint);
    }

    private void Receive(IRabbitMqBusFactoryConfigurator rabbit, IBusRegistrationContext context, BusEndpoints.Endpoint endpoint)
    {
        if (endpoint.Queue is null)
        {
            rabbit.ReceiveEndpoint(new TemporaryEndpointDefinition(endpoint.Consumer.Name), queue =>
            {
                queue.ConnectReceiveEndpointObserver(watch);
                queue.PublishFaults = false;
                queue.PrefetchCount = endpoint.Prefetch;
                queue.ConfigureConsumer(context, endpoint.Consumer);
            });
            return;
        }

        rabbit.ReceiveEndpoint(endpoint.Queue, queue =>
        {
            queue.ConnectReceiveEndpointObserver(watch);
            queue.SetQuorumQueue();
            // The limit without a dead-letter exchange would drop silently what made its consumer crash ten times.
            queue.SetQueueArgument("x-delivery-limit", 10);
            queue.BindDeadLetterQueue($"{endpoint.Queue}.dead-letter", $"{endpoint.Queue}.dead-letter", dead => dead.SetQueueArgument("x-queue-type", "quorum"));
            queue.PublishFaults = false;
            queue.PrefetchCount = endpoint.Prefetch;
            queue.ConcurrentMessageLimit = endpoint.Prefetch;
            _ = new ParkedMessages(queue);
            // An outage of the database is waited for, a day if need be; what fails for another reason four times is parked in the error queue.
            queue.UseMessageRetry(retry =>
            {
                retry.Handle<Npgsql.NpgsqlException>(PostgresErrors.IsOutage);
                retry.Interval((int)TimeSpan.FromDays(1).TotalSeconds, TimeSpan.FromSeconds(1));
            });
            queue.UseMessageRetry(retry =>
            {
                retry.Ignore<Npgsql.NpgsqlException>(PostgresErrors.IsOutage);
                retry.Intervals(50, 200, 1000);
            });
            queue.ConfigureConsumer(context, endpoint.Consumer);
        });
    }
}
