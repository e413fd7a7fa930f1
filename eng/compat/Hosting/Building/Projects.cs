using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;

namespace Aspire.Hosting;

/// <summary>Where a referenced project lies; the build writes one class per project.</summary>
public interface IProjectMetadata : IResourceAnnotation
{
    string ProjectPath { get; }

    bool SuppressBuild => false;
}

/// <summary>A resource whose HTTP endpoints others find through configuration.</summary>
public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;

/// <summary>What to take over from a project's own settings.</summary>
public class ProjectResourceOptions
{
    public string? LaunchProfileName { get; set; }

    public bool ExcludeLaunchProfile { get; set; }

    public bool ExcludeKestrelEndpoints { get; set; }
}

/// <summary>Adds .NET projects.</summary>
public static class ProjectResourceBuilderExtensions
{
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name, Action<ProjectResourceOptions> configure)
        where TProject : IProjectMetadata, new()
    {
        var options = new ProjectResourceOptions();
        configure(options);
        if (!options.ExcludeLaunchProfile)
        {
            throw new DistributedApplicationException($"compat mode reads no launch profiles: set {nameof(ProjectResourceOptions.ExcludeLaunchProfile)} for '{name}'.");
        }

        var project = builder.AddResource(new ProjectResource(name)).WithAnnotation(new TProject());
        return project.WithEnvironment(context =>
        {
            var addresses = ReferenceExpressions.Join(";", project.Resource.Annotations.OfType<EndpointAnnotation>().Where(e => e.IsHttp).Select(e => new EndpointReference(project.Resource, e.Name)));
            if (addresses is not null)
            {
                context.EnvironmentVariables["ASPNETCORE_URLS"] = addresses;
            }
        });
    }
}
