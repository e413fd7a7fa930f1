using System.Globalization;

namespace Aigc2d.AppHost.Tests.Hosting;

/// <summary>What a service is started with, name by name.</summary>
public sealed class ContractTests
{
    private static readonly string[] Contract = ["ASPNETCORE_", "DOTNET_ENVIRONMENT", "ConnectionStrings__", "services__", "OTEL_", "Keys__", "Parameters__"];

    [Fact]
    public async Task A_service_gets_its_addresses_and_connection_strings_and_nothing_of_the_hosts_own()
    {
        await using var host = await FixtureHost.StartAsync(("ConnectionStrings__secret", "hidden"), ("Parameters__other", "hidden"), ("ASPNETCORE_URLS", "http://localhost:1"));

        var environment = await host.EnvironmentAsync();

        var port = new Uri(environment["ConnectionStrings__messaging"]).Port;
        var expected = new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = string.Create(CultureInfo.InvariantCulture, $"http://localhost:{host.Port};http://localhost:{host.Port + 2}"),
            ["ConnectionStrings__billingdb"] = string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Username=aigc2d;Password=r@b/bit;Database=billingdb"),
            ["ConnectionStrings__messaging"] = string.Create(CultureInfo.InvariantCulture, $"amqp://aigc2d:r%40b%2Fbit@localhost:{port}"),
            ["services__peer__http__0"] = string.Create(CultureInfo.InvariantCulture, $"http://localhost:{host.Port + 1}"),
            ["Keys__Pepper"] = "r@b/bit",
        };
        Assert.Equal(expected.OrderBy(variable => variable.Key, StringComparer.Ordinal), environment.Where(variable => Contract.Any(prefix => variable.Key.StartsWith(prefix, StringComparison.Ordinal))).OrderBy(variable => variable.Key, StringComparer.Ordinal));
        Assert.Equal(FixtureHost.ServiceFolder, await host.Client.GetStringAsync(new Uri("/folder", UriKind.Relative), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Telemetry_is_sent_where_the_host_says()
    {
        await using var host = await FixtureHost.StartAsync(("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "http://localhost:4317"), ("AppHost__OtlpApiKey", "key"), ("OTEL_SERVICE_NAME", "the host's own"));

        var environment = (await host.EnvironmentAsync()).Where(variable => variable.Key.StartsWith("OTEL_", StringComparison.Ordinal)).ToDictionary();

        Assert.True(environment.Remove("OTEL_RESOURCE_ATTRIBUTES", out var attributes));
        Assert.Matches("^service\\.instance\\.id=[a-z]{8}$", attributes);
        var expected = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://localhost:4317",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc",
            ["OTEL_EXPORTER_OTLP_HEADERS"] = "x-otlp-api-key=key",
            ["OTEL_SERVICE_NAME"] = "service",
        };
        Assert.Equal(expected.OrderBy(variable => variable.Key, StringComparer.Ordinal), environment.OrderBy(variable => variable.Key, StringComparer.Ordinal));
    }
}
