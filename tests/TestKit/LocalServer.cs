using System.Diagnostics;

namespace Aigc2d.TestKit;

/// <summary>
/// A private PostgreSQL or RabbitMQ, run by the same script as in a local run of the suite. It lives as long as the pipe to this process: even
/// when tests are killed, their servers end.
/// </summary>
internal sealed class LocalServer : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly LogBuffer _log = new();

    private LocalServer(Process process) => _process = process;

    public static async Task<LocalServer> StartAsync(string script, int port, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("setsid", ["--wait", "bash", "-c", Lifeline.Script, "bash", Path.Combine(Repository.Root, "src/AppHost/local", script)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;

        var server = new LocalServer(Process.Start(start) ?? throw new InvalidOperationException($"{script} did not start."));
        server._log.Follow(server._process);
        await server.WaitUntilItAnswersAsync(script, port);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(StopPatience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private async Task WaitUntilItAnswersAsync(string script, int port)
    {
        using var patience = new CancellationTokenSource(StartPatience);
        while (!await TestSockets.AnswersAsync(port, patience.Token))
        {
            if (_process.HasExited) throw new InvalidOperationException($"{script} ended with {_process.ExitCode}:\n{_log}");
            await Task.Delay(50, patience.Token);
        }
    }
}
