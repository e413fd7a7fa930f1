namespace Aigc2d.EndToEnd.Tests.Privacy;

/// <summary>Looks for a word in every byte that the suite's processes have on the disk: logs, the servers' data and their write-ahead logs.</summary>
internal static class WrittenFiles
{
    private static readonly EnumerationOptions All = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };

    /// <summary>The files that have the word in them.</summary>
    public static string[] PlacesOf(Suite suite, Marker marker) =>
        [.. suite.Folders().SelectMany(folder => Directory.EnumerateFiles(folder, "*", All)).Where(file => !IsLock(file) && HasIn(file, marker))];

    // Held as long as the suite runs, and empty.
    private static bool IsLock(string file) => file.EndsWith(".lock", StringComparison.Ordinal) && new FileInfo(file).Length == 0;

    private static bool HasIn(string file, Marker marker)
    {
        try
        {
            using var bytes = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            return marker.IsIn(bytes);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // A server has removed it meanwhile.
            return false;
        }
    }
}
