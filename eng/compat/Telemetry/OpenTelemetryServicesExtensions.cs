using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds telemetry that lives as long as the host.</summary>
public static class OpenTelemetryServicesExtensions
{
    public static OpenTelemetryBuilder AddOpenTelemetry(this IServiceCollection services)
    {
        // First in line, so that it starts before and stops after everything that it observes.
        if (!services.Any(service => service.ImplementationType == typeof(StartTelemetry)))
            services.Insert(0, ServiceDescriptor.Singleton<IHostedService, StartTelemetry>());
        return new OpenTelemetryBuilder(services);
    }

    /// <summary>Makes the providers when the host starts; the container disposes them, which flushes them, when it ends.</summary>
    private sealed class StartTelemetry(IServiceProvider services) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            services.GetService<MeterProvider>();
            services.GetService<TracerProvider>();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
