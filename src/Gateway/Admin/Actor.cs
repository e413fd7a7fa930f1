using Microsoft.AspNetCore.Http.Features;

namespace Aigc2d.Gateway.Admin;

/// <summary>The named person behind a request on the admin listener.</summary>
internal sealed record Actor(string Name)
{
    /// <summary>The person, once the admin listener has let them in.</summary>
    /// <exception cref="InvalidOperationException">Nobody was let in: the route was reached around the listener's check.</exception>
    public static string Of(HttpContext context) => context.Features.GetRequiredFeature<Actor>().Name;
}
