using System.Diagnostics;
using System.Globalization;

namespace Aspire.Hosting.Running;

/// <summary>
/// The process that outlives a killed AppHost: it reads from a pipe which groups run, and when the pipe ends it ends them.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Process _process;
    private readonly StreamWriter _pipe;

    public Watchdog(string mark, TimeSpan grace)
    {
        var start = new ProcessStartInfo("setsid")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.ArgumentList.Add("sh");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "compat-watchdog.sh"));
        start.ArgumentList.Add(mark);
        start.ArgumentList.Add(((int)grace.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        _process = Process.Start(start)!;
        _pipe = _process.StandardInput;
        _pipe.AutoFlush = true;
    }

    public void Add(int group)
    {
        if (!Tell('+', group))
        {
            throw new DistributedApplicationException("The watchdog process has been killed; nothing would end the resources if this process were killed too.");
        }
    }

    public void Remove(int group) => Tell('-', group);

    public void Dispose()
    {
        _pipe.Dispose();
        _process.Dispose();
    }

    private bool Tell(char what, int group)
    {
        lock (_lock)
        {
            try
            {
                _pipe.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}{group}"));
                return true;
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                return false;
            }
        }
    }
}
