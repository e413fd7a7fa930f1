using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Http;

namespace Aigc2d.AppHost.Controls;

/// <summary>The answer to a name that nobody has: which names there are.</summary>
internal static class ResourceNames
{
    public static IResult Unknown(string name, IReadOnlyList<IResource> resources) =>
        Results.Text($"there is no resource '{name}'; there are {string.Join(", ", resources.Select(resource => resource.Name))}\n", statusCode: StatusCodes.Status404NotFound);
}
