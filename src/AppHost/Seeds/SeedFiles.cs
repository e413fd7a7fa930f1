using System.Text.Json;

namespace Aigc2d.AppHost.Seeds;

/// <summary>The JSON files with which an empty suite begins.</summary>
internal static class SeedFiles
{
    public static T Read<T>(string name) =>
        JsonSerializer.Deserialize<T>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "seed", name)), JsonSerializerOptions.Web)
        ?? throw new InvalidDataException($"seed/{name} is empty");
}
