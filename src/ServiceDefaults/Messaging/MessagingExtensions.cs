using Aigc2d.ServiceDefaults.Postgres;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Aigc2d.ServiceDefaults.Messaging;

/// <summary>MassTransit over RabbitMQ as this suite uses it. A broker that is away delays messages; it stops no service.</summary>
public static class MessagingExtensions
{
    public static void AddMessaging(this WebApplicationBuilder builder, Action<BusEndpoints>? configure = null)
    {
        var broker = BrokerAddress.Parse(builder.Configuration.GetConnectionString("messaging"));
        var endpoints = new BusEndpoints();
        configure?.Invoke(endpoints);

        builder.Services.AddSingleton(broker);
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddReceiveEndpointObserver(services => services.GetRequiredService<BrokerWatch>());
            foreach (var endpoint in endpoints.All) bus.AddConsumer(endpoint.Consumer);
            bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(broker.Host, (ushort)broker.Port, broker.VirtualHost, host =>
                {
                    host.Username(broker.User);
                    host.Password(broker.Password);
                    host.PublisherConfirmation = true;
                    host.Heartbeat(TimeSpan.FromSeconds(5));
                });
                foreach (var endpoint in endpoints.All) Receive(rabbit, context, endpoint);
            });
        });
        builder.Services.AddSingleton<BrokerWatch>();
        builder.Services.RemoveMassTransitHostedService();
        builder.Services.AddHostedService<BusLifetime>();
    }

    private static void Receive(IRabbitMqBusFactoryConfigurator rabbit, IBusRegistrationContext context, BusEndpoints.Endpoint endpoint)
    {
        if (endpoint.Queue is null)
        {
            rabbit.ReceiveEndpoint(new TemporaryEndpointDefinition(endpoint.Consumer.Name), queue =>
            {
                queue.PublishFaults = false;
                queue.PrefetchCount = endpoint.Prefetch;
                queue.ConfigureConsumer(context, endpoint.Consumer);
            });
            return;
        }

        rabbit.ReceiveEndpoint(endpoint.Queue, queue =>
        {
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
