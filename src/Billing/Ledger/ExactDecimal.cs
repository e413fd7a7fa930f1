using System.Globalization;

namespace Aigc2d.Billing.Ledger;

/// <summary>Amounts as decimal text, exact and without needless zeros.</summary>
internal static class ExactDecimal
{
    /// <summary><paramref name="value"/> ∕ 10^<paramref name="decimals"/>, for example 12,600 with 6 decimals is "0.0126".</summary>
    public static string Of(Int128 value, int decimals)
    {
        var digits = Int128.Abs(value).ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        var fraction = digits[^decimals..].TrimEnd('0');
        var whole = digits[..^decimals];
        return $"{(value < 0 ? "-" : "")}{whole}{(fraction.Length > 0 ? "." : "")}{fraction}";
    }

    public static string Points(Int128 micropoints) => Of(micropoints, 6);

    /// <summary>10,000 points are 21.00 CNY, so a micropoint is 21 ∕ 10^10 CNY.</summary>
    public static string Cny(Int128 micropoints) => Of(micropoints * 21, 10);
}
