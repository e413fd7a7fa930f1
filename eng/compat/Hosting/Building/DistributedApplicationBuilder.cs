using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <summary>Collects resources and services and turns them into an application that runs local processes.</summary>
public class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly HostApplicationBuilder _inner;

    public DistributedApplicationBuilder(DistributedApplicationOptions options)
    {
        _inner = new HostApplicationBuilder(new HostApplicationBuilderSettings { Args = options.Args });
        AppHostDirectory = options.ProjectDirectory ?? BuildMetadata.ProjectDirectory(Assembly.GetEntryAssembly()) ?? _inner.Environment.ContentRootPath;
        ExecutionContext = new DistributedApplicationExecutionContext(OperationFrom(_inner.Configuration));

        _inner.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        _inner.Logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning);
        _inner.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks.DefaultHealthCheckService", LogLevel.None);
        _inner.Services.AddHealthChecks();
        _inner.Services.AddHttpClient();
        _inner.Services.TryAddSingleton(TimeProvider.System);
        _inner.Services.AddSingleton(ExecutionContext);
        _inner.Services.AddSingleton(_ => new DistributedApplicationModel(Resources));
        _inner.Services.AddSingleton(_ => new ResourceNotificationService());
        _inner.Services.AddSingleton(services => new ResourceLoggerService(services.GetRequiredService<TimeProvider>(), options.EnableResourceLogging ? ResourceConsole.Write : null));
        _inner.Services.AddSingleton(services => new ResourceCommandService(services.GetRequiredService<Orchestrator>()));
        _inner.Services.AddSingleton<LaunchEnvironment>();
        _inner.Services.AddSingleton<ChildProcesses>();
        _inner.Services.AddSingleton<HealthPolling>();
        _inner.Services.AddSingleton<Orchestrator>();
        _inner.Services.AddHostedService(services => services.GetRequiredService<Orchestrator>());
        _inner.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(60));
    }

    public ConfigurationManager Configuration => _inner.Configuration;

    public string AppHostDirectory { get; }

    public IHostEnvironment Environment => _inner.Environment;

    public IServiceCollection Services => _inner.Services;

    public DistributedApplicationExecutionContext ExecutionContext { get; }

    public IResourceCollection Resources { get; } = new ResourceCollection();

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource => new ResourceBuilder<T>(this, resource);

    public DistributedApplication Build() => new(_inner.Build());

    private static DistributedApplicationOperation OperationFrom(ConfigurationManager configuration)
    {
        var operation = configuration["AppHost:Operation"] ?? configuration["operation"] ?? nameof(DistributedApplicationOperation.Run);
        return operation.Equals(nameof(DistributedApplicationOperation.Run), StringComparison.OrdinalIgnoreCase)
            ? DistributedApplicationOperation.Run
            : throw new DistributedApplicationException($"compat mode runs the application and does nothing else: '{operation}' needs the genuine Aspire packages.");
    }
}
