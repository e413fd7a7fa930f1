using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Running;

/// <summary>Runs the application: allocates ports, starts everything in its order, stops everything in the opposite order.</summary>
internal sealed class Orchestrator : IHostedService, IDisposable
{
    private readonly DistributedApplicationModel _model;
    private readonly ResourceNotificationService _notifications;
    private readonly HealthPolling _health;
    private readonly ChildProcesses _children;
    private readonly ILogger<Orchestrator> _logger;
    private readonly Dictionary<IResource, ResourceRun> _runs;
    private readonly CancellationTokenSource _stopping = new();
    private Task _background = Task.CompletedTask;

    public Orchestrator(
        DistributedApplicationModel model, ResourceNotificationService notifications, ResourceLoggerService logs, LaunchEnvironment launches, ChildProcesses children, HealthPolling health, TimeProvider time, ILogger<Orchestrator> logger)
    {
        (_model, _notifications, _health, _children, _logger) = (model, notifications, health, children, logger);
        _runs = model.Resources.Where(resource => resource is ExecutableResource or ProjectResource)
            .ToDictionary(resource => resource, resource => new ResourceRun(resource, launches, children, notifications, logs, time));
    }

    public ResourceRun? Find(IResource resource) => _runs.GetValueOrDefault(resource);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new DistributedApplicationException("compat mode runs on Linux only; elsewhere use the genuine Aspire packages.");
        }

        Console.Out.WriteLine("compat mode: this is not .NET Aspire");
        StopOrder.Of(_model.Resources.AsReadOnly());
        FreePorts.Allocate(_model.Resources);
        foreach (var parameter in _model.Resources.OfType<ParameterResource>())
        {
            await parameter.GetValueAsync(cancellationToken);
        }

        foreach (var resource in _model.Resources)
        {
            await _notifications.PublishUpdateAsync(resource, before => before with { State = KnownResourceStates.NotStarted });
        }

        _background = Task.WhenAll(_model.Resources.SelectMany(resource => new[] { BeginAsync(resource, _stopping.Token), PollAsync(resource, _stopping.Token) }));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _background;
        foreach (var group in StopOrder.Of(_runs.Keys))
        {
            await Task.WhenAll(group.Select(resource => _runs[resource].StopAsync(cancellationToken)));
        }

        _children.Dispose();
    }

    public void Dispose() => _stopping.Dispose();

    /// <summary>One failed resource does not stop the others; whoever needs it waits, and its state tells.</summary>
    private async Task BeginAsync(IResource resource, CancellationToken ct)
    {
        try
        {
            if (_runs.TryGetValue(resource, out var run))
            {
                await run.StartAsync(ct);
            }
            else
            {
                await _notifications.WaitForDependenciesAsync(resource, ct);
                await _notifications.PublishUpdateAsync(resource, before => before with { State = KnownResourceStates.Running });
            }
        }
        catch (OperationCanceledException)
        {
            // The resource or the whole application was stopped before its turn had come.
        }
        catch (DistributedApplicationException exception)
        {
            _logger.LogError("{Resource} failed to start: {Reason}", resource.Name, exception.Message);
        }
    }

    private async Task PollAsync(IResource resource, CancellationToken ct)
    {
        try
        {
            await _health.PollAsync(resource, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The application stops.
        }
    }
}
