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
        var endpoints = new BusEndpoints();
        configure?.Invoke(endpoints);

        builder.Services.AddSingleton(BrokerAddress.Parse(builder.Configuration.GetConnectionString("messaging")));
        builder.Services.AddSingleton(endpoints);
        builder.Services.AddSingleton<BusWatch>();
        builder.Services.AddSingleton<BusDefects>();
        builder.Services.AddSingleton<BusFactory>();
        builder.Services.AddSingleton<LiveBus>();
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            foreach (var endpoint in endpoints.All) bus.AddConsumer(endpoint.Consumer);
            bus.UsingRabbitMq((context, rabbit) => context.GetRequiredService<BusFactory>().Configure(context, rabbit));
        });
        builder.Services.RemoveMassTransitHostedService();
        builder.Services.AddHostedService<BusLifetime>();
    }
}
