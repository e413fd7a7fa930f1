using System.Reflection;

namespace Aspire.Hosting.Running;

/// <summary>What eng/compat/AppHost.targets wrote into the AppHost's assembly when it was built.</summary>
internal static class BuildMetadata
{
    private const string ProjectDirectoryKey = "apphostprojectpath";
    private const string TargetPrefix = "compat-target:";

    public static string? ProjectDirectory(Assembly? appHost) => Find(appHost, ProjectDirectoryKey);

    /// <summary>The assembly that the build made of a referenced project.</summary>
    public static string? TargetOf(Assembly? appHost, string projectPath) => Find(appHost, TargetPrefix + projectPath);

    private static string? Find(Assembly? appHost, string key) =>
        appHost?.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(attribute => attribute.Key == key)?.Value;
}
