using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Running;

/// <summary>Works out the command line and the environment of a process: the contract between AppHost and services.</summary>
internal sealed class LaunchEnvironment(IConfiguration configuration, DistributedApplicationExecutionContext executionContext)
{
    // What the AppHost was told is not what its services are told.
    private static readonly string[] NotInherited = ["ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "ASPNETCORE_URLS", "DOTNET_LAUNCH_PROFILE", "ASPIRE_COMPAT_RUN"];
    private static readonly string[] NotInheritedPrefixes = ["OTEL_", "Parameters__", "ConnectionStrings__"];
    private readonly string _instance = RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz", 8);

    public async Task<LaunchPlan> PlanAsync(IResource resource, CancellationToken ct)
    {
        var environment = await EnvironmentAsync(resource, ct);
        return resource switch
        {
            ExecutableResource executable => new LaunchPlan(executable.Command, Arguments(resource), executable.WorkingDirectory, environment),
            ProjectResource project => ProjectPlan(project, environment),
            _ => throw new DistributedApplicationException($"'{resource.Name}' is no process."),
        };
    }

    private static string[] Arguments(IResource resource) => [.. resource.Annotations.OfType<ArgumentsAnnotation>().SelectMany(annotation => annotation.Arguments)];

    private static LaunchPlan ProjectPlan(ProjectResource project, Dictionary<string, string> environment)
    {
        var path = project.Annotations.OfType<IProjectMetadata>().Single().ProjectPath;
        var assembly = BuildMetadata.TargetOf(Assembly.GetEntryAssembly(), path)
            ?? throw new DistributedApplicationException($"'{project.Name}': the AppHost was built without a reference to {path}.");
        return File.Exists(assembly)
            ? new LaunchPlan(DotnetCommand(), [assembly], Path.GetDirectoryName(path)!, environment)
            : throw new DistributedApplicationException($"'{project.Name}' is not built: {assembly} does not exist.");
    }

    private static string DotnetCommand() =>
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? (Path.GetFileName(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet");

    private async Task<Dictionary<string, string>> EnvironmentAsync(IResource resource, CancellationToken ct)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            var name = (string)variable.Key;
            if (!NotInherited.Contains(name) && !NotInheritedPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            {
                environment[name] = (string?)variable.Value ?? "";
            }
        }

        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>().Where(endpoint => endpoint.EnvironmentVariable is not null))
        {
            environment[endpoint.EnvironmentVariable!] = (await endpoint.AllocatedPort.WaitAsync(ct)).ToString(CultureInfo.InvariantCulture);
        }

        if (resource is ProjectResource)
        {
            AddTelemetry(resource, environment);
        }

        var context = new EnvironmentCallbackContext(executionContext, resource, cancellationToken: ct);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await annotation.Callback(context);
        }

        foreach (var (name, value) in context.EnvironmentVariables)
        {
            environment[name] = value is IValueProvider provider ? await provider.GetValueAsync(ct) ?? "" : value.ToString() ?? "";
        }

        return environment;
    }

    private void AddTelemetry(IResource resource, Dictionary<string, string> environment)
    {
        var (endpoint, protocol) = this switch
        {
            _ when configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] is { Length: > 0 } grpc => (grpc, "grpc"),
            _ when configuration["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] is { Length: > 0 } http => (http, "http/protobuf"),
            _ => (configuration["OTEL_EXPORTER_OTLP_ENDPOINT"], configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] ?? "grpc"),
        };
        if (string.IsNullOrEmpty(endpoint))
        {
            return;
        }

        environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint;
        environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol;
        environment["OTEL_SERVICE_NAME"] = resource.Name;
        environment["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={_instance}";
        var key = configuration["AppHost:OtlpApiKey"];
        var headers = key is { Length: > 0 } ? $"x-otlp-api-key={key}" : configuration["OTEL_EXPORTER_OTLP_HEADERS"];
        if (headers is { Length: > 0 })
        {
            environment["OTEL_EXPORTER_OTLP_HEADERS"] = headers;
        }
    }
}
