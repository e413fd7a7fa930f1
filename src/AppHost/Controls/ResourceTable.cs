using System.Globalization;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Aigc2d.AppHost.Controls;

/// <summary>What runs, as JSON or as a table for people.</summary>
internal static class ResourceTable
{
    private const string PidProperty = "executable.pid";

    public static void MapResourceTable(this IEndpointRouteBuilder routes, IReadOnlyList<IResource> resources, ResourceNotificationService notifications) =>
        routes.MapGet("/api/resources", (string? format) =>
        {
            var rows = resources.Select(resource => Row(resource, notifications)).ToArray();
            return format == "text" ? Results.Text(Format(rows)) : Results.Json(rows);
        });

    /// <summary>Columns as wide as their widest cell.</summary>
    public static string Format(IReadOnlyList<ResourceRow> rows)
    {
        string[][] cells =
        [
            ["NAME", "STATE", "HEALTH", "PID", "URL"],
            .. rows.Select(row => new[] { row.Name, row.State, row.Health ?? "-", row.Pid?.ToString(CultureInfo.InvariantCulture) ?? "-", string.Join(' ', row.Urls) }),
        ];
        var widths = Enumerable.Range(0, cells[0].Length).Select(column => cells.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in cells)
        {
            text.Append(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()).Append('\n');
        }

        return text.ToString();
    }

    private static ResourceRow Row(IResource resource, ResourceNotificationService notifications)
    {
        var snapshot = notifications.TryGetCurrentState(resource.Name, out var update) ? update?.Snapshot : null;
        var pid = snapshot?.Properties.FirstOrDefault(property => property.Name == PidProperty)?.Value;
        return new ResourceRow(
            resource.Name,
            snapshot?.State?.Text ?? KnownResourceStates.NotStarted,
            snapshot?.HealthStatus?.ToString(),
            pid is null ? null : Convert.ToInt32(pid, CultureInfo.InvariantCulture),
            [.. snapshot?.Urls.Where(url => !url.IsInternal).Select(url => url.Url) ?? []]);
    }
}

/// <summary>One resource as <c>./aigc2d status</c> shows it; health is null while it does not run.</summary>
internal sealed record ResourceRow(string Name, string State, string? Health, int? Pid, IReadOnlyList<string> Urls);
