using System.Globalization;
using Aigc2d.Billing.Ledger;

namespace Aigc2d.Billing.Statements;

internal static class Points
{
    /// <summary>Micropoints as points, exact: <c>-0.138</c>.</summary>
    public static string Of(long micropoints) => (micropoints / (decimal)Micropoints.PerPoint).ToString("0.00####", CultureInfo.InvariantCulture);
}
