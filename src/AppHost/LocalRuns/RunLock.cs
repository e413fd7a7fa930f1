using System.Globalization;

namespace Aigc2d.AppHost.LocalRuns;

/// <summary>One run per artifacts folder: two would fight over the same data.</summary>
internal static class RunLock
{
    public static FileStream Take(RunSettings settings)
    {
        Directory.CreateDirectory(settings.RunDirectory);
        var path = Path.Combine(settings.RunDirectory, "apphost.lock");
        try
        {
            // The kernel releases it when this process ends, however it ends.
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new StartFailure(
                string.Create(CultureInfo.InvariantCulture, $"another run is using {settings.ArtifactsDirectory}: stop it first, or set Aigc2d:ArtifactsDir to another folder."), exception);
        }
    }
}
