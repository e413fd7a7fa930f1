using Aspire.Hosting.ApplicationModel;

namespace Aigc2d.AppHost.LocalRuns;

/// <summary>The resources that operators see and command, in the order in which they are listed.</summary>
internal static class SuiteResources
{
    private static readonly string[] Names = ["gateway", "accounts", "billing", "moderation", "adapters", "sandbox", "postgres", "messaging"];

    /// <summary>Those that run here; external servers do not.</summary>
    public static IReadOnlyList<IResource> Of(DistributedApplicationModel model) =>
        [.. Names.Select(name => model.Resources.FirstOrDefault(resource => resource.Name == name)).OfType<IResource>().Where(resource => resource is ProjectResource or ExecutableResource or ContainerResource)];
}
