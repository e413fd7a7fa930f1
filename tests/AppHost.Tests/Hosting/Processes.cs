using System.Diagnostics;

namespace Aigc2d.AppHost.Tests.Hosting;

/// <summary>The kernel's view of processes, so that a test does not ask the code under test.</summary>
internal static class Processes
{
    public static bool IsAlive(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    public static void Kill(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill();
    }

    /// <summary>A variable of the process as <c>NAME=value</c>.</summary>
    public static string Variable(int pid, string name) => File.ReadAllText($"/proc/{pid}/environ").Split('\0').Single(variable => variable.StartsWith(name + "=", StringComparison.Ordinal));

    /// <summary>Living processes that were started with this <c>NAME=value</c>.</summary>
    public static int[] StartedWith(string variable) =>
        [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => name!.All(char.IsAsciiDigit)).Select(name => int.Parse(name!, System.Globalization.CultureInfo.InvariantCulture)).Where(pid => Has(pid, variable) && IsAlive(pid))];

    private static bool Has(int pid, string variable)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/environ").Split('\0').Contains(variable);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
