using System.Diagnostics;

namespace Aspire.Hosting.Running;

/// <summary>A started process with the group that it leads.</summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan LinePatience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan GroupPoll = TimeSpan.FromMilliseconds(50);
    private readonly Process _process;
    private readonly Task _output;

    public ChildProcess(Process process, Action<string, bool> onLine)
    {
        _process = process;
        Id = process.Id;
        process.StandardInput.Close();
        _output = Task.WhenAll(PumpAsync(process.StandardOutput, line => onLine(line, false)), PumpAsync(process.StandardError, line => onLine(line, true)));
        Exit = WaitAsync();
        LastLines = LastLinesAsync();
    }

    /// <summary>The process id; it is also the id of its group and session.</summary>
    public int Id { get; }

    /// <summary>Completes with the exit code once the process has ended.</summary>
    public Task<int> Exit { get; }

    /// <summary>Completes when everything has been read that the process wrote. A stray may keep the pipe open for ever, so its end is not waited for.</summary>
    public Task LastLines { get; }

    /// <summary>SIGTERM to the group, then, when the grace has passed, SIGKILL.</summary>
    public async Task StopAsync(TimeSpan grace, CancellationToken ct)
    {
        Signals.TerminateGroup(Id);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(grace);
        try
        {
            await Exit.WaitAsync(patience.Token);
            while (ProcessTable.HasGroup(Id))
            {
                await Task.Delay(GroupPoll, patience.Token);
            }
        }
        catch (OperationCanceledException)
        {
            Signals.KillGroup(Id);
            await Exit.WaitAsync(CancellationToken.None);
        }
    }

    public void Dispose() => _process.Dispose();

    private static async Task PumpAsync(StreamReader reader, Action<string> onLine)
    {
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                onLine(line);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The stream was closed when the process was disposed.
        }
    }

    private async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    private async Task LastLinesAsync()
    {
        await Exit;
        await Task.WhenAny(_output, Task.Delay(LinePatience));
    }
}
