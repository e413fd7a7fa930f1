using System.Globalization;
using System.Text;
using Aspire.Hosting.ApplicationModel;

namespace Aigc2d.AppHost.LocalRuns;

/// <summary>Says why a resource is not healthy: its state, its exit code, its last check and its last lines.</summary>
internal sealed class Diagnosis(ResourceNotificationService notifications, ResourceLoggerService logs)
{
    private const int LastLines = 20;

    public async Task<string> OfAsync(IResource resource, string what, CancellationToken ct)
    {
        var text = new StringBuilder($"{resource.Name} {what}");
        if (notifications.TryGetCurrentState(resource.Name, out var update) && update is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $" (state {update.Snapshot.State?.Text ?? "unknown"}");
            if (update.Snapshot.ExitCode is { } exitCode)
            {
                text.Append(CultureInfo.InvariantCulture, $", exit code {exitCode}");
            }

            foreach (var report in update.Snapshot.HealthReports.Where(report => !string.IsNullOrEmpty(report.Description)))
            {
                text.Append(CultureInfo.InvariantCulture, $", check: {report.Description}");
            }

            text.Append(')');
        }

        var lines = await LastLinesAsync(resource, LastLines, ct);
        return lines.Count == 0 ? text.ToString() : text.AppendLine(". Its last lines:").AppendJoin('\n', lines.Select(line => "  " + line.Content)).ToString();
    }

    public async Task<IReadOnlyList<LogLine>> LastLinesAsync(IResource resource, int count, CancellationToken ct)
    {
        var last = new Queue<LogLine>();
        await foreach (var batch in logs.GetAllAsync(resource).WithCancellation(ct))
        {
            foreach (var line in batch)
            {
                last.Enqueue(line);
                if (last.Count > count)
                {
                    last.Dequeue();
                }
            }
        }

        return [.. last];
    }
}
