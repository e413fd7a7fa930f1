using Microsoft.AspNetCore.Http.Features;

namespace Aigc2d.Sandbox.Calls;

/// <summary>A scripted name in the path, decoded exactly once: the values inside a script keep their own percent-encoding.</summary>
public static class PathName
{
    public static string LastOf(HttpContext http) => Of(http, ^1);

    /// <summary>The segment of the path as it was sent, usually counted from its end.</summary>
    public static string Of(HttpContext http, Index segment)
    {
        var path = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0];
        return Uri.UnescapeDataString(path.Split('/')[segment]);
    }
}
