using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Running;

/// <summary>Asks the health checks of running resources: every second until they are healthy, every 30 seconds afterwards.</summary>
internal sealed class HealthPolling(HealthCheckService checks, ResourceNotificationService notifications, TimeProvider time)
{
    private static readonly TimeSpan WhileUnhealthy = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WhileHealthy = TimeSpan.FromSeconds(30);

    public async Task PollAsync(IResource resource, CancellationToken ct)
    {
        var keys = resource.Annotations.OfType<HealthCheckAnnotation>().Select(check => check.Key).ToHashSet();
        while (keys.Count > 0 && !ct.IsCancellationRequested)
        {
            var running = await notifications.WaitForResourceAsync(resource.Name, update => update.Snapshot.State?.Text == KnownResourceStates.Running, ct);
            await PollRunAsync(resource, running.Snapshot.StartTimeStamp, keys, ct);
        }
    }

    private async Task PollRunAsync(IResource resource, DateTime? started, HashSet<string> keys, CancellationToken ct)
    {
        using var run = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var over = notifications.WaitForResourceAsync(resource.Name, update => !IsRun(update.Snapshot, started), run.Token);
        while (!over.IsCompleted)
        {
            var report = await checks.CheckHealthAsync(registration => keys.Contains(registration.Name), ct);
            var now = time.GetUtcNow().UtcDateTime;
            await notifications.PublishUpdateAsync(resource, before => IsRun(before, started)
                ? before with { HealthReports = [.. report.Entries.Select(entry => new HealthReportSnapshot(entry.Key, entry.Value.Status, entry.Value.Description, entry.Value.Exception?.ToString()) { LastRunAt = now })] }
                : before);
            await Task.WhenAny(over, Task.Delay(report.Status == HealthStatus.Healthy ? WhileHealthy : WhileUnhealthy, time, run.Token));
            ct.ThrowIfCancellationRequested();
        }

        await run.CancelAsync();
    }

    private static bool IsRun(CustomResourceSnapshot snapshot, DateTime? started) => snapshot.State?.Text == KnownResourceStates.Running && snapshot.StartTimeStamp == started;
}
