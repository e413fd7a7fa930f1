using Aspire.Hosting.Running;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Starts, stops and restarts resources on demand.</summary>
public class ResourceCommandService
{
    private readonly Orchestrator _orchestrator;

    internal ResourceCommandService(Orchestrator orchestrator) => _orchestrator = orchestrator;

    public async Task<ExecuteCommandResult> ExecuteCommandAsync(IResource resource, string commandName, CancellationToken cancellationToken = default)
    {
        if (_orchestrator.Find(resource) is not { } run)
        {
            return Failure($"Command '{commandName}' not available for resource '{resource.Name}'.");
        }

        try
        {
            return await ExecuteAsync(run, commandName, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return new ExecuteCommandResult { Success = false, Canceled = true };
        }
        catch (DistributedApplicationException exception)
        {
            return Failure(exception.Message);
        }
    }

    private static async Task<ExecuteCommandResult> ExecuteAsync(ResourceRun run, string commandName, CancellationToken ct)
    {
        if (commandName == KnownResourceCommands.StopCommand || commandName == KnownResourceCommands.RestartCommand)
        {
            await run.StopAsync(ct);
        }

        if (commandName == KnownResourceCommands.StartCommand || commandName == KnownResourceCommands.RestartCommand)
        {
            await run.StartAsync(ct);
        }

        return commandName == KnownResourceCommands.StartCommand || commandName == KnownResourceCommands.StopCommand || commandName == KnownResourceCommands.RestartCommand
            ? new ExecuteCommandResult { Success = true }
            : Failure($"Command '{commandName}' not available for resource '{run.Resource.Name}'.");
    }

    private static ExecuteCommandResult Failure(string message) => new() { Success = false, Message = message };
}

/// <summary>How a command ended.</summary>
public sealed class ExecuteCommandResult
{
    public required bool Success { get; init; }

    public bool Canceled { get; init; }

    public string? Message { get; init; }
}
