using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace Aigc2d.Billing.Statements;

/// <summary>A statement as a page to print: whole in itself, without scripts, everything encoded.</summary>
internal static class StatementPage
{
    public static string Of(Statement statement)
    {
        var page = new StringBuilder(Head(statement));
        page.Append("<table><thead><tr><th>Movement</th><th class=n>Count</th><th class=n>Points</th></tr></thead><tbody>");
        Row(page, "Opening balance", "", statement.OpeningBalanceMicropoints, "b");
        foreach (var line in statement.Movements)
        {
            if (line.Credits > 0) Row(page, TitleOf(line.Rule), Count(line.Credits), line.CreditMicropoints);
            if (line.Debits > 0) Row(page, TitleOf(line.Rule), Count(line.Debits), line.DebitMicropoints);
        }

        Row(page, statement.Closed ? "Closing balance" : "Balance so far", "", statement.ClosingBalanceMicropoints, "b");
        page.Append("</tbody></table>");
        if (statement.Charges.Count > 0) Charges(page, statement.Charges);
        return page.Append("<p>1 point = 1,000,000 micropoints. Months are in UTC. Calls that ended free are counted and cost nothing.</p></body></html>").ToString();
    }

    private static string Head(Statement statement) => $$"""
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>AIGC2D statement {{Encode(statement.Month)}}</title>
        <style>
        body { font: 15px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; max-width: 50rem; margin: 2rem auto; padding: 0 1rem }
        h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem } dl { display: grid; grid-template-columns: 8rem 1fr; margin: 1rem 0 2rem } dd { margin: 0 }
        table { width: 100%; border-collapse: collapse } th, td { padding: .3rem .5rem; border-bottom: 1px solid #ddd; text-align: left; overflow-wrap: anywhere }
        th { border-bottom: 2px solid #1a1a1a } .n { text-align: right; font-variant-numeric: tabular-nums; overflow-wrap: normal } .b td { font-weight: 600 } p { color: #555; font-size: .85rem }
        @media print { @page { margin: 18mm } body { margin: 0; max-width: none; font-size: 11pt } tr { break-inside: avoid } thead { display: table-header-group } }
        </style></head><body>
        <h1>AIGC2D statement</h1>
        <dl><dt>Month</dt><dd>{{Encode(statement.Month)}}{{(statement.Closed ? "" : ", still running")}}</dd><dt>Account</dt><dd>{{Encode(statement.AccountId.ToString())}}</dd>
        <dt>Closed</dt><dd>{{Encode(statement.ClosedAt?.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) ?? "not yet")}}</dd></dl>
        """;

    private static void Charges(StringBuilder page, IReadOnlyList<ChargeLine> charges)
    {
        page.Append("<h2>Charges by model</h2><table><thead><tr><th>Model</th><th class=n>Charged</th><th class=n>Free</th><th class=n>Tokens in</th><th class=n>of them cached</th>"
            + "<th class=n>Tokens out</th><th class=n>Points</th></tr></thead><tbody>");
        foreach (var line in charges)
        {
            page.Append("<tr><td>").Append(Encode(line.Model)).Append("</td>");
            foreach (var number in new[] { line.Charges, line.FreeEndings, line.InputTokens, line.CachedInputTokens, line.OutputTokens }) page.Append("<td class=n>").Append(Count(number)).Append("</td>");
            page.Append("<td class=n>").Append(Points.Of(line.AmountMicropoints)).Append("</td></tr>");
        }

        page.Append("</tbody></table>");
    }

    private static void Row(StringBuilder page, string title, string count, long micropoints, string style = "") => page
        .Append("<tr class=\"").Append(style).Append("\"><td>").Append(Encode(title)).Append("</td><td class=n>").Append(count)
        .Append("</td><td class=n>").Append(Points.Of(micropoints)).Append("</td></tr>");

    /// <summary><c>forfeiture_posted</c> reads "Forfeiture posted".</summary>
    private static string TitleOf(string rule) => char.ToUpperInvariant(rule[0]) + rule[1..].Replace('_', ' ');

    private static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
