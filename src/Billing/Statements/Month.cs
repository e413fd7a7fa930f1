using System.Globalization;

namespace Aigc2d.Billing.Statements;

/// <summary>A calendar month in UTC.</summary>
internal readonly record struct Month(DateOnly First)
{
    public const string Format = "yyyy-MM";

    public DateOnly NextFirst => First.AddMonths(1);

    public static Month Of(DateTimeOffset moment) => new(new DateOnly(moment.UtcDateTime.Year, moment.UtcDateTime.Month, 1));

    /// <summary>Reads <c>2026-11</c> and nothing else.</summary>
    public static bool TryParse(string? text, out Month month)
    {
        var isMonth = DateOnly.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var first) && first.Year is >= 1970 and < 9999;
        month = isMonth ? new(first) : default;
        return isMonth;
    }

    public override string ToString() => First.ToString(Format, CultureInfo.InvariantCulture);
}
