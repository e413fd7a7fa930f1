using System.Globalization;

namespace Aigc2d.Gateway.Dialects;

/// <summary>Tells clients when to try again: whole seconds for all of them, milliseconds for those that read them.</summary>
internal static class RetryHeaders
{
    public static void Write(IHeaderDictionary headers, TimeSpan wait)
    {
        var milliseconds = Math.Max(1, (long)Math.Ceiling(wait.TotalMilliseconds));
        headers.RetryAfter = ((milliseconds + 999) / 1000).ToString(CultureInfo.InvariantCulture);
        headers["retry-after-ms"] = milliseconds.ToString(CultureInfo.InvariantCulture);
    }
}
