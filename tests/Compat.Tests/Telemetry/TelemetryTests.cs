using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Aigc2d.Compat.Tests.Telemetry;

public sealed class TelemetryTests
{
    [Fact]
    public async Task Spans_and_measurements_taken_while_the_host_runs_are_exported_when_it_ends()
    {
        using var source = new ActivitySource("compat-tests");
        using var meter = new Meter("compat-tests");
        var counter = meter.CreateCounter<long>("books");
        var spans = new List<string>();
        var measurements = new List<string>();

        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("shelf"))
            .WithTracing(tracing => tracing.AddSource("compat-tests").AddProcessor(new BatchActivityExportProcessor(new SpanExporter(spans))))
            .WithMetrics(metrics => metrics.AddMeter("compat-tests").AddReader(new BaseExportingMetricReader(new MetricExporter(measurements))));
        using (var host = builder.Build())
        {
            Assert.Null(source.StartActivity("before"));
            await host.StartAsync(TestContext.Current.CancellationToken);
            source.StartActivity("read")!.Dispose();
            counter.Add(3);
            await host.StopAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(["shelf read"], spans);
        Assert.Equal(["books 3"], measurements);
        Assert.Null(source.StartActivity("after"));
    }

    [Fact]
    public void Adding_telemetry_twice_starts_it_once()
    {
        var services = new ServiceCollection();

        services.AddOpenTelemetry();
        services.AddOpenTelemetry();

        Assert.Single(services, service => service.ServiceType == typeof(IHostedService));
    }

    private sealed class SpanExporter(List<string> spans) : BaseExporter<Activity>
    {
        public override ExportResult Export(in Batch<Activity> batch)
        {
            var service = ParentProvider.GetResource().Attributes.Single(attribute => attribute.Key == "service.name").Value;
            foreach (var span in batch) spans.Add($"{service} {span.OperationName}");
            return ExportResult.Success;
        }
    }

    private sealed class MetricExporter(List<string> measurements) : BaseExporter<Metric>
    {
        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (var metric in batch)
                foreach (ref readonly var point in metric.GetMetricPoints())
                    measurements.Add($"{metric.Name} {point.GetSumLong()}");
            return ExportResult.Success;
        }
    }
}
