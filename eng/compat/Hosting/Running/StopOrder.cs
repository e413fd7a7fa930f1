using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>In which order resources stop: whoever waited for another one to start goes before it.</summary>
internal static class StopOrder
{
    /// <summary>Groups of resources; those of one group do not depend on each other.</summary>
    public static IReadOnlyList<IReadOnlyList<IResource>> Of(IReadOnlyCollection<IResource> resources)
    {
        var heights = new Dictionary<IResource, int>();
        foreach (var resource in resources)
        {
            Height(resource, heights, []);
        }

        return [.. resources.GroupBy(resource => heights[resource]).OrderByDescending(group => group.Key).Select(group => group.ToArray())];
    }

    private static int Height(IResource resource, Dictionary<IResource, int> heights, List<IResource> path)
    {
        if (path.Contains(resource))
        {
            throw new DistributedApplicationException($"Resources wait for each other: {string.Join(" → ", path.Append(resource).Select(r => r.Name))}.");
        }

        if (!heights.TryGetValue(resource, out var height))
        {
            height = resource.Annotations.OfType<WaitAnnotation>().Select(wait => 1 + Height(wait.Resource, heights, [.. path, resource])).DefaultIfEmpty(0).Max();
            heights[resource] = height;
        }

        return height;
    }
}
