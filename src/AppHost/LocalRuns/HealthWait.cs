using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aigc2d.AppHost.LocalRuns;

/// <summary>Waits until every resource is healthy, and fails at once when one of them cannot become so.</summary>
internal sealed class HealthWait(IReadOnlyList<IResource> resources, ResourceNotificationService notifications, Diagnosis diagnosis, Readiness readiness)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    public async Task RunAsync(CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        var watching = WatchAsync(patience.Token);
        var waits = resources.Select(resource => WaitAsync(resource, patience.Token)).ToList();
        try
        {
            while (waits.Count > 0)
            {
                var done = await Task.WhenAny(waits);
                waits.Remove(done);
                await done;
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            var late = resources.First(resource => !IsHealthy(resource));
            throw new StartFailure(await diagnosis.OfAsync(late, $"is not healthy after {Patience.TotalMinutes:0} minutes", ct));
        }
        finally
        {
            await patience.CancelAsync();
            await watching;
        }
    }

    private async Task WaitAsync(IResource resource, CancellationToken ct)
    {
        try
        {
            await notifications.WaitForResourceHealthyAsync(resource.Name, WaitBehavior.StopOnResourceUnavailable, ct);
        }
        catch (DistributedApplicationException)
        {
            throw new StartFailure(await diagnosis.OfAsync(resource, "did not start", ct));
        }
    }

    private async Task WatchAsync(CancellationToken ct)
    {
        try
        {
            await foreach (var _ in notifications.WatchAsync(ct))
            {
                var late = resources.Where(resource => !IsHealthy(resource)).ToArray();
                if (late.Length > 0)
                {
                    readiness.Report($"{resources.Count - late.Length} of {resources.Count} healthy, waiting for {string.Join(", ", late.Select(resource => resource.Name))}");
                }
            }
        }
        catch (OperationCanceledException)
        {
            // All are healthy, or one has failed.
        }
    }

    private bool IsHealthy(IResource resource) => notifications.TryGetCurrentState(resource.Name, out var update) && update?.Snapshot.HealthStatus == HealthStatus.Healthy;
}
