using System.Text;
using Aigc2d.Moderation.Evaluation;

namespace Aigc2d.Moderation.Tests.Evaluation;

public sealed class RowTests
{
    [Theory]
    [InlineData("""{"id":"a","text":"kite"}""", "\"a\"", "kite")]
    [InlineData("""{"text":"kite","id":17,"more":{"deep":[1,{"text":"no"}]}}""", "17", "kite")]
    [InlineData("""{"text":"","id":"\u00e9\n"}""", "\"\\u00e9\\n\"", "")]
    [InlineData("""  {"text":"风筝"}  """, null, "风筝")]
    [InlineData("""{"id":null,"text":"a\tb\\\"\/"}""", null, "a\tb\\\"/")]
    [InlineData("""{"\ud800":{"text":"no"},"te\u0078t":"x"}""", null, "x")]
    [InlineData("""{"id":1.5e3,"text":"x","unsafe":"maybe","cats":7,"lang":[]}""", "1.5e3", "x")]
    public void A_row_has_an_id_as_it_was_written_and_a_text(string line, string? id, string text)
    {
        var row = Read(line);
        Assert.Equal((null, id, text), (row.Fault, row.Id is null ? null : Encoding.UTF8.GetString(row.Id), row.Text));
    }

    [Theory]
    [InlineData("secret words", "is not JSON, byte 1")]
    [InlineData("""{"text":"secret" """, "is not JSON, byte 18")]
    [InlineData("""{"text":"secret"} {"text":"secret"}""", "is not JSON, byte 19")]
    [InlineData("""["secret"]""", "is not a JSON object")]
    [InlineData("\"secret\"", "is not a JSON object")]
    [InlineData("""{"id":"secret"}""", "has no text")]
    [InlineData("""{"id":"secret","text":null}""", "has no text")]
    [InlineData("""{"text":["secret"]}""", "has a text that is not a string")]
    [InlineData("""{"id":["secret"],"text":"secret"}""", "has an id that is neither a string nor a number")]
    public void What_is_no_row_says_why_without_a_word_of_it(string line, string? fault)
    {
        var row = Read(line);
        Assert.Equal(fault, row.Fault);
        Assert.DoesNotContain("secret", row.Fault ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_no_row() =>
        Assert.Equal("is not UTF-8", Row.Read([.. "{\"text\":\""u8, 0xC3, 0x28, .. "\"}"u8], withLabels: false).Fault);

    [Fact]
    public void Half_a_surrogate_pair_is_scored_as_it_is() =>
        Assert.Equal("风 \ud83d\n\"x\udc00\\", Read("{\"text\":\"风 \\ud83d\\n\\\"x\\udc00\\\\\"}").Text);

    [Fact]
    public void Labels_are_read_whatever_their_order_and_spelling()
    {
        var labels = Row.Read("""{"cats":["selfharm","Sexual","self_harm","weather"],"unsafe":1,"kind":"prompt","text":"x","lang":"zh","label":"contrast"}"""u8, withLabels: true).Labels!;

        Assert.Equal(("zh", "prompt", true, "contrast"), (labels.Language, labels.Kind, labels.Unsafe, labels.Label));
        Assert.Equal([Head.Of("sexual"), Head.Of("self_harm")], Head.All.Skip(1).Where(head => head.IsTrue(labels) == true));
        Assert.Equal(["weather"], labels.Unknown);
    }

    [Theory]
    [InlineData("""{"text":"x","unsafe":2}""", "has an unsafe that is neither 0, 1 nor null")]
    [InlineData("""{"text":"x","unsafe":[1]}""", "has an unsafe that is neither 0, 1 nor null")]
    [InlineData("""{"text":"x","cats":"hate"}""", "has cats that are no list")]
    [InlineData("""{"text":"x","cats":[["hate"],1]}""", "has cats that are no list of names")]
    [InlineData("""{"text":"x","unsafe":null,"cats":null,"label":{"a":[1]}}""", null)]
    [InlineData("""{"text":"x","unsafe":true}""", null)]
    [InlineData("""{"text":"x","unsafe":1.0}""", null)]
    public void Labels_that_make_no_sense_are_told(string line, string? fault) => Assert.Equal(fault, Row.Read(Encoding.UTF8.GetBytes(line), withLabels: true).Fault);

    [Theory]
    [InlineData("""{"text":"x","unsafe":0}""", false, false)]
    [InlineData("""{"text":"x","unsafe":1}""", true, null)]
    [InlineData("""{"text":"x","unsafe":1,"cats":["hate"]}""", true, true)]
    [InlineData("""{"text":"x","unsafe":1,"cats":["illegal"]}""", true, false)]
    [InlineData("""{"text":"x","unsafe":null,"cats":["hate"]}""", null, true)]
    [InlineData("""{"text":"x","unsafe":null,"cats":[]}""", null, null)]
    [InlineData("""{"text":"x","unsafe":1,"cats":["weather"]}""", true, null)]
    public void A_violation_that_nobody_names_says_nothing_about_a_category(string line, bool? isUnsafe, bool? isHate)
    {
        var labels = Row.Read(Encoding.UTF8.GetBytes(line), withLabels: true).Labels!;
        Assert.Equal((isUnsafe, isHate), (Head.Any.IsTrue(labels), Head.Of("hate").IsTrue(labels)));
    }

    private static Row Read(string line) => Row.Read(Encoding.UTF8.GetBytes(line), withLabels: false);
}
