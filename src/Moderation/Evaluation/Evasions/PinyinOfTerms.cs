using System.Text;
using Aigc2d.Moderation.Normalisation;
using Aigc2d.Moderation.Rules;

namespace Aigc2d.Moderation.Evaluation.Evasions;

/// <summary>Chinese words of the rules in pinyin: joined or spaced, with tone marks, tone digits or none, whole or one character of them.</summary>
internal sealed class PinyinOfTerms : IEvasion
{
    private const int LongestTerm = 8;
    private const string ToneMarks = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ";

    private readonly HashSet<string> _terms;

    public PinyinOfTerms(RuleSet rules) =>
        _terms = [.. rules.Compiled.Terms.Where(term => term.Text.Length > 1 && term.Matched.Length > 0 && term.Text.All(Letters.IsHan)).Select(term => term.Text)];

    public string Family => "pinyin of lexicon terms";

    public string Disguise(string text, Random random)
    {
        var (style, spaced) = (random.Next(4), random.Next(2) == 0);
        var disguised = new StringBuilder(text.Length * 2);
        for (var i = 0; i < text.Length;)
        {
            var length = LongestTermAt(text, i);
            if (length == 0)
            {
                disguised.Append(text[i++]);
                continue;
            }

            var half = style == 3 ? random.Next(length) : -1;
            var syllables = text.Substring(i, length).Select((c, at) => half >= 0 && at != half ? c.ToString() : Syllable(c, style));
            if (disguised.Length > 0 && char.IsLetterOrDigit(disguised[^1]) && !Letters.IsHan(disguised[^1])) disguised.Append(' ');
            disguised.AppendJoin(spaced && half < 0 ? " " : "", syllables);
            i += length;
        }

        return disguised.ToString();
    }

    private int LongestTermAt(string text, int start)
    {
        for (var length = Math.Min(LongestTerm, text.Length - start); length > 1; length--)
            if (_terms.Contains(text.Substring(start, length))) return length;
        return 0;
    }

    private static string Syllable(char c, int style) => PinyinTable.Instance.ReadingsOf(c) is [var usual, ..] ? Write(usual, style) : c.ToString();

    private static string Write(string reading, int style)
    {
        if (style == 1) return reading;
        var tone = 0;
        var letters = new StringBuilder();
        foreach (var c in reading)
        {
            var mark = ToneMarks.IndexOf(c, StringComparison.Ordinal);
            if (mark >= 0) tone = mark % 4 + 1;
            letters.Append(mark < 0 ? c == 'ü' ? 'v' : c : "aeiouv"[mark / 4]);
        }

        return style == 2 && tone > 0 ? $"{letters}{tone}" : letters.ToString();
    }
}
