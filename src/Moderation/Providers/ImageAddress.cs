using System.Globalization;
using System.Net;

namespace Aigc2d.Moderation.Providers;

/// <summary>
/// Which addresses of customers' images may be given to whoever fetches them for us: those that a customer could reach as well. The names themselves are not
/// looked up, for it is not this process that connects.
/// </summary>
internal static class ImageAddress
{
    private const char CompatibilityForms = '\uF900';
    private static readonly string[] InternalNames = ["localhost", "local", "internal", "intranet", "lan", "home", "corp", "private", "home.arpa", "in-addr.arpa", "ip6.arpa"];

    /// <summary>The address, written as the rules below have read it; null when it may not be given away.</summary>
    public static Uri? Of(string? text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var given) || given.Scheme != Uri.UriSchemeHttps) return null;
        if (given.Port is not (443 or 8443) || given.UserInfo.Length > 0) return null;

        var host = given.IdnHost.TrimEnd('.');
        return given.Host.All(IsOfNames) && IsPublicName(host) && Uri.TryCreate(new UriBuilder(given) { Host = host }.Uri.AbsoluteUri, UriKind.Absolute, out var address) && address.IdnHost == host ? address : null;
    }

    /// <summary>Whoever connects may take circled digits, wide letters and the like for plain ones: names in use have letters of scripts.</summary>
    private static bool IsOfNames(char character) =>
        char.IsAscii(character) || (character < CompatibilityForms && (char.IsLetter(character) || char.GetUnicodeCategory(character) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark));

    /// <summary>Names only: every notation of a number is somebody's address, and what has no dot or ends as below is known inside only.</summary>
    private static bool IsPublicName(string host)
    {
        if (Uri.CheckHostName(host) != UriHostNameType.Dns || IPAddress.TryParse(host, out _)) return false;

        var last = host[(host.LastIndexOf('.') + 1)..];
        return last.Length < host.Length && !char.IsAsciiDigit(last[0])
            && !Array.Exists(InternalNames, name => host.EndsWith(name, StringComparison.OrdinalIgnoreCase) && (host.Length == name.Length || host[^(name.Length + 1)] == '.'));
    }
}
