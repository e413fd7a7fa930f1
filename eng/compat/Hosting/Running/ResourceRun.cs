using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>The life of one process resource: waits, starts, notices the end, stops, starts again.</summary>
internal sealed class ResourceRun(
    IResource resource, LaunchEnvironment launches, ChildProcesses children, ResourceNotificationService notifications, ResourceLoggerService logs, TimeProvider time)
{
    private readonly Lock _lock = new();
    private CancellationTokenSource? _starting;
    private TaskCompletionSource _started = new();
    private ChildProcess? _child;
    private Task _ended = Task.CompletedTask;

    public IResource Resource => resource;

    /// <summary>Returns when the process runs; its health is another matter.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        using var starting = CancellationTokenSource.CreateLinkedTokenSource(ct);
        lock (_lock)
        {
            if (_starting is not null || _child is not null)
            {
                throw new DistributedApplicationException($"'{resource.Name}' is {(_child is null ? "already starting" : "already running")}.");
            }

            _starting = starting;
            _started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        try
        {
            await WaitForDependenciesAsync(starting.Token);
            await PublishAsync(KnownResourceStates.Starting);
            var plan = await launches.PlanAsync(resource, starting.Token);
            await RunAsync(plan);
        }
        catch (OperationCanceledException)
        {
            await PublishAsync(KnownResourceStates.NotStarted);
            throw;
        }
        catch (Exception exception)
        {
            logs.Append(resource, exception.Message, isError: true);
            await PublishAsync(KnownResourceStates.FailedToStart);
            throw;
        }
        finally
        {
            lock (_lock)
            {
                _starting = null;
                _started.TrySetResult();
            }
        }
    }

    /// <summary>Returns when the process and everything that it started have ended.</summary>
    public async Task StopAsync(CancellationToken ct)
    {
        Task started;
        lock (_lock)
        {
            _starting?.Cancel();
            started = _starting is null ? Task.CompletedTask : _started.Task;
        }

        await started;
        if (_child is { } child)
        {
            await PublishAsync(KnownResourceStates.Stopping);
            await child.StopAsync(ChildProcesses.Grace, ct);
        }

        await _ended;
    }

    private async Task WaitForDependenciesAsync(CancellationToken ct)
    {
        if (resource.Annotations.OfType<WaitAnnotation>().Any(wait => !notifications.IsReady(wait.Resource)))
        {
            await PublishAsync(KnownResourceStates.Waiting);
            await notifications.WaitForDependenciesAsync(resource, ct);
        }
    }

    private Task RunAsync(LaunchPlan plan)
    {
        lock (_lock)
        {
            _child = children.Start(resource.Name, plan, (line, isError) => logs.Append(resource, line, isError));
            var published = PublishRunningAsync(_child.Id);
            _ended = EndAsync(_child);
            return published;
        }
    }

    private async Task EndAsync(ChildProcess child)
    {
        var exitCode = await child.Exit;
        await children.SweepAsync(resource.Name, child);
        await child.LastLines;
        child.Dispose();
        lock (_lock)
        {
            _child = null;
        }

        logs.Append(resource, string.Create(CultureInfo.InvariantCulture, $"ended with exit code {exitCode}"), isError: exitCode != 0);
        await notifications.PublishUpdateAsync(resource, before => before with
        {
            State = KnownResourceStates.Finished,
            ExitCode = exitCode,
            StopTimeStamp = time.GetUtcNow().UtcDateTime,
            Properties = [],
            Urls = [],
        });
    }

    private Task PublishAsync(string state) => notifications.PublishUpdateAsync(resource, before => before with { State = state });

    private Task PublishRunningAsync(int processId) => notifications.PublishUpdateAsync(resource, before => before with
    {
        State = KnownResourceStates.Running,
        ExitCode = null,
        StartTimeStamp = time.GetUtcNow().UtcDateTime,
        StopTimeStamp = null,
        Properties = [new ResourcePropertySnapshot("executable.pid", processId)],
        Urls = [.. resource.Annotations.OfType<EndpointAnnotation>().Select(Url)],
        HealthReports = [.. resource.Annotations.OfType<HealthCheckAnnotation>().Select(check => new HealthReportSnapshot(check.Key, null, null, null))],
    });

    private UrlSnapshot Url(EndpointAnnotation endpoint) => new(endpoint.Name, new EndpointReference((IResourceWithEndpoints)resource, endpoint.Name).Url, IsInternal: false);
}
