using System.Globalization;

namespace Aspire.Hosting.Running;

/// <summary>Reads the kernel's list of processes.</summary>
internal static class ProcessTable
{
    /// <summary>Whether any process of the group is alive; one that only waits to be reaped is not.</summary>
    public static bool HasGroup(int group) => Ids().Any(id => Stat(id) is { } stat && stat.Group == group && stat.State is not ('Z' or 'X'));

    /// <summary>Processes that were started with this environment variable, wherever they have moved since.</summary>
    public static IEnumerable<int> StartedWith(string variable) => Ids().Where(id => Read($"/proc/{id}/environ").Split('\0').Contains(variable) && Stat(id) is { State: not ('Z' or 'X') });

    private static IEnumerable<int> Ids() =>
        Directory.EnumerateDirectories("/proc").Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0).Where(id => id > 0);

    private static (char State, int Group)? Stat(int id)
    {
        // The name in parentheses may hold spaces; the state and the parent come after it, then the group.
        var text = Read($"/proc/{id}/stat");
        var fields = text[(text.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 2 ? (fields[0][0], int.Parse(fields[2], CultureInfo.InvariantCulture)) : null;
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ""; // It has ended meanwhile, or belongs to somebody else.
        }
    }
}
