using Aigc2d.Contracts;

namespace Aigc2d.Gateway.Forwarding;

/// <summary>The region in which a client wants its call to be served, as a header says.</summary>
internal static class RegionWish
{
    private const int LongestRegion = 32;

    /// <summary>The region; null when the client does not care.</summary>
    public static string? Of(HttpRequest request) => request.Headers[CallHeaders.Region].ToString() is { Length: > 0 } region ? region : null;

    /// <summary>Whether no channel can have such a region: more than one, or other characters than lower-case letters, digits and hyphens.</summary>
    public static bool IsMalformed(HttpRequest request) =>
        Of(request) is { } region && (region.Length > LongestRegion || !region.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'));
}
