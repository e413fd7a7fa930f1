using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;

namespace Aspire.Hosting.Running;

/// <summary>How a resource is started.</summary>
internal sealed record LaunchPlan(string Command, IReadOnlyList<string> Arguments, string WorkingDirectory, IReadOnlyDictionary<string, string> Environment);

/// <summary>Starts processes, each in a session of its own, and makes sure that none of them survives.</summary>
internal sealed class ChildProcesses : IDisposable
{
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private const int SweepRounds = 200;
    private static readonly TimeSpan SweepPause = TimeSpan.FromMilliseconds(10);
    private readonly string _mark = RandomNumberGenerator.GetHexString(16, lowercase: true);
    private readonly Lazy<Watchdog> _watchdog;

    public ChildProcesses() => _watchdog = new Lazy<Watchdog>(() => new Watchdog(_mark, Grace));

    public ChildProcess Start(string resource, LaunchPlan plan, Action<string, bool> onLine)
    {
        var start = new ProcessStartInfo("setsid")
        {
            WorkingDirectory = plan.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(plan.Command);
        foreach (var argument in plan.Arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Clear();
        foreach (var (name, value) in plan.Environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["ASPIRE_COMPAT_RUN"] = $"{_mark}:{resource}";
        _ = _watchdog.Value;
        try
        {
            var child = new ChildProcess(Process.Start(start)!, onLine);
            _watchdog.Value.Add(child.Id);
            return child;
        }
        catch (Win32Exception exception)
        {
            throw new DistributedApplicationException($"'{resource}' cannot be started: {exception.Message}", exception);
        }
    }

    /// <summary>Ends what an ended process has left behind, in its group or outside, and waits until the kernel has buried it.</summary>
    public async Task SweepAsync(string resource, ChildProcess child)
    {
        var mark = $"ASPIRE_COMPAT_RUN={_mark}:{resource}";
        for (var round = 0; round < SweepRounds; round++)
        {
            Signals.KillGroup(child.Id);
            var strays = ProcessTable.StartedWith(mark).ToArray();
            Array.ForEach(strays, Signals.KillProcess);
            if (strays.Length == 0 && !ProcessTable.HasGroup(child.Id))
            {
                break;
            }

            await Task.Delay(SweepPause);
        }

        _watchdog.Value.Remove(child.Id);
    }

    public void Dispose()
    {
        if (_watchdog.IsValueCreated)
        {
            _watchdog.Value.Dispose();
        }
    }
}
