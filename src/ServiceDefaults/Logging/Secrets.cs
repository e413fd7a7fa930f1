using System.Text.RegularExpressions;

namespace Aigc2d.ServiceDefaults.Logging;

/// <summary>Removes what looks like a credential from text that leaves the process as log or telemetry.</summary>
public static partial class Secrets
{
    /// <summary>The text with customer keys, provider keys, bearer tokens and passwords in URLs replaced by <c>***</c>; the same instance when there is nothing to hide.</summary>
    public static string Redact(string text) =>
        MayHoldSecret(text) ? Credential().Replace(text, match => match.Groups["keep"].Value + "***") : text;

    private static bool MayHoldSecret(string text) =>
        text.Contains("AIGC2D-", StringComparison.OrdinalIgnoreCase)
        || text.Contains("sk-", StringComparison.Ordinal)
        || text.Contains("earer ", StringComparison.Ordinal)
        || text.Contains("://", StringComparison.Ordinal)
        || text.Contains("assword", StringComparison.Ordinal)
        || text.Contains("admin-", StringComparison.Ordinal)
        || text.Contains("finance-", StringComparison.Ordinal)
        || text.Contains("bce-", StringComparison.Ordinal);

    [GeneratedRegex(@"(?<keep>\bAIGC2D-)[0-9a-f-]{8,}|(?<keep>\bsk-)[\w-]{8,}|(?<keep>\bbce-v3/)\S{8,}|(?<keep>\b(?:admin|finance)-)[\w-]{16,}|(?<keep>\b[Bb]earer )[^\s""',;]+|(?<keep>://[^\s:/@]+:)[^\s@/]+(?=@)|(?<keep>\b[Pp]assword\s*[=:]\s*)[^\s;,""']+", RegexOptions.IgnoreCase)]
    private static partial Regex Credential();
}
