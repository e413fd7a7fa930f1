using System.Text;
using Aigc2d.Billing.Exports;
using Aigc2d.Billing.Statements;

namespace Aigc2d.Billing.Tests.Statements;

public sealed class StatementFormatTests
{
    private static readonly Statement Sample = new()
    {
        AccountId = Guid.Parse("01930000-0000-7000-8000-000000000001"),
        Month = "2026-11",
        Closed = true,
        ClosedAt = new DateTimeOffset(2026, 12, 1, 1, 0, 0, TimeSpan.Zero),
        OpeningBalanceMicropoints = -250_000,
        Movements =
        [
            new() { Rule = "adjustment", Credits = 1, CreditMicropoints = 2_000_000, Debits = 1, DebitMicropoints = -1 },
            new() { Rule = "charge", Credits = 0, CreditMicropoints = 0, Debits = 2, DebitMicropoints = -138_000 },
        ],
        Charges =
        [
            new() { Model = "=cmd|' /C calc'!A0", Charges = 1, FreeEndings = 0, InputTokens = 5, OutputTokens = 6, CachedInputTokens = 1, AmountMicropoints = -100_000 },
            new() { Model = "<script>\",x", Charges = 1, FreeEndings = 3, InputTokens = 11, OutputTokens = 9, CachedInputTokens = 0, AmountMicropoints = -38_000 },
        ],
        ClosingBalanceMicropoints = 1_611_999,
    };

    [Fact]
    public void As_CSV_the_amounts_add_up_and_no_cell_is_a_formula()
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        StatementCsv.Write(new CsvWriter(bytes), Sample);

        Assert.Equal(
            """
            month,accountId,group,item,count,freeEndings,inputTokens,outputTokens,cachedInputTokens,amountMicropoints,amountPoints
            2026-11,01930000-0000-7000-8000-000000000001,balance,opening balance,,,,,,-250000,-0.25
            2026-11,01930000-0000-7000-8000-000000000001,adjustments,adjustment,1,,,,,2000000,2.00
            2026-11,01930000-0000-7000-8000-000000000001,adjustments,adjustment,1,,,,,-1,-0.000001
            2026-11,01930000-0000-7000-8000-000000000001,charges,'=cmd|' /C calc'!A0,1,0,5,6,1,-100000,-0.10
            2026-11,01930000-0000-7000-8000-000000000001,charges,"<script>"",x",1,3,11,9,0,-38000,-0.038
            2026-11,01930000-0000-7000-8000-000000000001,balance,closing balance,,,,,,1611999,1.611999

            """.ReplaceLineEndings("\r\n"),
            Encoding.UTF8.GetString(bytes.WrittenSpan));
    }

    [Fact]
    public void As_a_page_it_runs_nothing_loads_nothing_and_encodes_everything()
    {
        var page = StatementPage.Of(Sample);

        Assert.Contains("&lt;script&gt;&quot;,x", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("href", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("src=", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("@media print", page, StringComparison.Ordinal);
        Assert.Contains("<td>Closing balance</td><td class=n></td><td class=n>1.611999</td>", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("\r=1", "\"'\r=1\"")]
    [InlineData("a,\"b\"\nc", "\"a,\"\"b\"\"\nc\"")]
    [InlineData("plain = fine", "plain = fine")]
    [InlineData("", "")]
    public void A_text_cell_is_quoted_where_needed_and_never_a_formula(string text, string cell)
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        new CsvWriter(bytes).Text(text);
        Assert.Equal(cell, Encoding.UTF8.GetString(bytes.WrittenSpan));
    }
}
