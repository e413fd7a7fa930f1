using System.Text.Json;

namespace Aigc2d.AppHost.Controls;

/// <summary>Tells the command line where this run is and how to prove that it may command it.</summary>
internal static class ControlFile
{
    public static void Write(RunSettings settings, string url, string token) =>
        PrivateFile.Write(settings.ControlFile, JsonSerializer.Serialize(new ControlAddress(url, token, Environment.ProcessId, settings.Port), JsonSerializerOptions.Web) + "\n");

    public static void Delete(RunSettings settings) => File.Delete(settings.ControlFile);

    /// <summary>Whether the previous run ended without removing its file, so that its processes may still be ending. Removes the file.</summary>
    public static bool TakeLeftover(RunSettings settings)
    {
        var leftover = File.Exists(settings.ControlFile);
        Delete(settings);
        return leftover;
    }

    private sealed record ControlAddress(string Url, string Token, int Pid, int Port);
}
