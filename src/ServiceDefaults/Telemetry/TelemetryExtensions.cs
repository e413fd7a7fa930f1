using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Aigc2d.ServiceDefaults.Telemetry;

internal static class TelemetryExtensions
{
    /// <summary>Traces and metrics over OTLP, from the framework's own sources and ours; nothing is exported without an endpoint.</summary>
    public static void AddTelemetry(this WebApplicationBuilder builder, string name)
    {
        builder.Services.AddSingleton<GenAiMetrics>();
        if (string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"])) return;

        // The server span is filled by ServerSpans: .NET 10 leaves it without tags by default.
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(name, "aigc2d"))
            .WithTracing(tracing => tracing
                .AddSource("Microsoft.AspNetCore", "System.Net.Http", "Npgsql", "MassTransit", "Aigc2d.*")
                .AddOtlpExporter())
            .WithMetrics(metrics => metrics
                .AddMeter("Microsoft.AspNetCore.*", "System.Net.Http", "System.Runtime", "Npgsql", "MassTransit", "Aigc2d.*")
                .AddOtlpExporter());
    }
}
