using System.Globalization;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aigc2d.Billing.Exports;

/// <summary>A range of time from a query: <c>from</c> included, <c>to</c> excluded, either may be absent.</summary>
internal readonly record struct TimeRange(DateTimeOffset? From, DateTimeOffset? To)
{
    private static readonly string[] Formats = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFK"];

    /// <summary>Reads days (in UTC) or RFC 3339 times; the problem when they are not acceptable.</summary>
    public static ProblemHttpResult? TryRead(string? from, string? to, out TimeRange range)
    {
        range = default;
        if (!TryParse(from, out var first)) return Malformed("from");
        if (!TryParse(to, out var last)) return Malformed("to");
        if (first >= last) return Problems.Invalid("to", "must be later than from.");

        range = new(first, last);
        return null;
    }

    private static bool TryParse(string? text, out DateTimeOffset? moment)
    {
        moment = null;
        if (text is null) return true;
        if (!DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var parsed)) return false;

        moment = parsed;
        return true;
    }

    private static ProblemHttpResult Malformed(string field) => Problems.Invalid(field, "must be a day in UTC as 2026-11-30 or a time as 2026-11-30T12:00:00Z.");
}
