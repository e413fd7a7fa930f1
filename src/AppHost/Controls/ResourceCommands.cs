using System.Collections.Concurrent;
using Aigc2d.AppHost.LocalRuns;
using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aigc2d.AppHost.Controls;

/// <summary>Starts, stops and restarts one resource; the answer comes when it is done.</summary>
internal static class ResourceCommands
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static void MapResourceCommands(
        this IEndpointRouteBuilder routes, IReadOnlyList<IResource> resources, ResourceNotificationService notifications, ResourceCommandService commands, Diagnosis diagnosis)
    {
        var busy = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        foreach (var command in new[] { "start", "stop", "restart" })
        {
            routes.MapPost($"/api/resources/{{name}}/{command}", (string name) => HandleAsync(name, command));
        }

        async Task<IResult> HandleAsync(string name, string command)
        {
            if (resources.FirstOrDefault(resource => resource.Name == name) is not { } resource)
            {
                return ResourceNames.Unknown(name, resources);
            }

            if (!busy.TryAdd(name, true))
            {
                return Conflict($"another command for {name} is under way");
            }

            try
            {
                // Not tied to the caller: half a restart is worse than one that nobody waits for.
                using var patience = new CancellationTokenSource(Patience);
                var refusal = await ExecuteAsync(resource, command, notifications, commands, diagnosis, patience.Token);
                return refusal is null ? Results.Text($"{name}: {(command == "stop" ? "stopped" : "running and healthy")}\n") : Conflict(refusal);
            }
            finally
            {
                busy.TryRemove(name, out _);
            }
        }
    }

    private static async Task<string?> ExecuteAsync(
        IResource resource, string command, ResourceNotificationService notifications, ResourceCommandService commands, Diagnosis diagnosis, CancellationToken ct)
    {
        var before = Snapshot(resource, notifications);
        var runs = before?.State?.Text == KnownResourceStates.Running;
        if (command == "stop")
        {
            return !runs && before?.State?.Text != KnownResourceStates.Waiting ? null : Reason(await commands.ExecuteCommandAsync(resource, KnownResourceCommands.StopCommand, ct));
        }

        if (command == "start" && runs)
        {
            return before?.HealthStatus == HealthStatus.Healthy ? null : await diagnosis.OfAsync(resource, "runs already but is not healthy; restart it", CancellationToken.None);
        }

        try
        {
            var refusal = Reason(await commands.ExecuteCommandAsync(resource, runs ? KnownResourceCommands.RestartCommand : KnownResourceCommands.StartCommand, ct));
            ct.ThrowIfCancellationRequested();
            return refusal ?? await OutcomeAsync(resource, before?.StartTimeStamp, notifications, diagnosis, ct);
        }
        catch (OperationCanceledException)
        {
            return await diagnosis.OfAsync(resource, $"is not healthy after {Patience.TotalSeconds:0} seconds", CancellationToken.None);
        }
    }

    private static async Task<string?> OutcomeAsync(IResource resource, DateTime? lastStart, ResourceNotificationService notifications, Diagnosis diagnosis, CancellationToken ct)
    {
        var update = await notifications.WaitForResourceAsync(
            resource.Name,
            e => e.Snapshot.StartTimeStamp != lastStart && (e.Snapshot.HealthStatus == HealthStatus.Healthy || KnownResourceStates.TerminalStates.Contains(e.Snapshot.State?.Text)),
            ct);
        return update.Snapshot.HealthStatus == HealthStatus.Healthy ? null : await diagnosis.OfAsync(resource, "ended at once", CancellationToken.None);
    }

    private static CustomResourceSnapshot? Snapshot(IResource resource, ResourceNotificationService notifications) =>
        notifications.TryGetCurrentState(resource.Name, out var update) ? update?.Snapshot : null;

    private static string? Reason(ExecuteCommandResult result) => result.Success || result.Canceled ? null : result.Message ?? "the command failed";

    private static IResult Conflict(string reason) => Results.Text(reason + "\n", statusCode: StatusCodes.Status409Conflict);
}
