using Aigc2d.Moderation.Normalisation;
using Aigc2d.Moderation.Rules;

namespace Aigc2d.Moderation.Models;

/// <summary>The readings that the classifier looks at: words with one space between them and no letter stretched, as the text stands, put together, with
/// digits read as letters, with misspelt words of the rules put right, and with Chinese words of the rules where their pinyin stands.</summary>
internal sealed class ClassifierReading
{
    public const int Kinds = 5;

    private const int Stretched = 3;
    private const char FirstHan = '\u4E00';
    private const char LastHan = '\u9FFF';

    private readonly Misspellings _misspellings;
    private readonly MendedReading _mended;
    private readonly MappedText _spaced;
    private readonly MappedText _letters;
    private readonly MappedText _words;
    private readonly string?[] _chinese;

    public ClassifierReading(int capacity, RuleSet rules)
    {
        (_misspellings, _mended) = (rules.Misspellings, new MendedReading(capacity));
        (_spaced, _letters, _words, Text) = (new(capacity), new(capacity), new(capacity), new(_mended.Text.Room));
        _chinese = [.. rules.Compiled.Terms.Select(term => term.Text.All(Letters.IsHan) ? term.Text : null)];
    }

    /// <summary>The reading made last; origins are places in the folded text.</summary>
    public MappedText Text { get; }

    /// <summary>Makes one of the <see cref="Kinds"/> readings in turn; false when it would say nothing new. The text itself comes first.</summary>
    /// <param name="folded">The text.</param>
    /// <param name="kind">Which one.</param>
    /// <param name="hits">The terms in it, by where they end.</param>
    public bool TryRead(MappedText folded, int kind, ReadOnlySpan<TermHit> hits)
    {
        if (kind == 0) return Words(folded, sourceIsFolded: true);
        if (kind == 1) return Mended(folded);
        if (kind == 2) return Restored(folded, hits) && Words(_letters, sourceIsFolded: false);
        var spaced = SpacedReading.Applies(folded.Chars);
        if (kind == 3)
        {
            if (!spaced) return false;
            SpacedReading.Write(folded, _spaced);
            return Words(_spaced, sourceIsFolded: false);
        }

        var source = spaced ? _spaced : folded;
        if (!Altered(source, !spaced)) return false;
        return Words(_letters, sourceIsFolded: false);
    }

    private bool Words(MappedText source, bool sourceIsFolded)
    {
        WordReading.Write(source, sourceIsFolded, _words);
        Unstretch(_words);
        return true;
    }

    private bool Mended(MappedText folded)
    {
        WordReading.Write(folded, sourceIsFolded: true, _words);
        if (!_mended.Read(_words, _misspellings)) return false;
        Unstretch(_mended.Text);
        return true;
    }

    private bool Restored(MappedText folded, ReadOnlySpan<TermHit> hits)
    {
        // Where nothing else is Chinese, syllables are names and foreign words far more often.
        if (hits.IsEmpty || !folded.Chars.ContainsAnyInRange(FirstHan, LastHan)) return false;
        _letters.Clear();
        var copied = 0;
        foreach (var hit in hits)
        {
            var (start, end) = (hit.Place.Start, hit.Place.End);
            if (start < copied || _chinese[hit.Term] is not { } term || !folded.Chars[start..end].ContainsAnyInRange('a', 'z')) continue;
            for (; copied < start; copied++) _letters.Append(folded[copied], copied);
            for (var c = 0; c < term.Length; c++) _letters.Append(term[c], start + c * (end - start) / term.Length);
            copied = end;
        }

        if (copied == 0) return false;
        for (; copied < folded.Length; copied++) _letters.Append(folded[copied], copied);
        return true;
    }

    private void Unstretch(MappedText words)
    {
        Text.Clear();
        var chars = words.Chars;
        for (var i = 0; i < chars.Length;)
        {
            var end = i + 1;
            while (end < chars.Length && chars[end] == chars[i]) end++;
            var kept = end - i >= Stretched && IsLatin(chars[i]) ? i + 1 : end;
            for (var k = i; k < kept; k++) Text.Append(chars[k], words.OriginOf(k));
            i = end;
        }
    }

    // Digits and symbols among letters as letters; the runs stay as they are, for the classifier knows words as they are written.
    private bool Altered(MappedText source, bool sourceIsFolded)
    {
        _letters.Clear();
        var chars = source.Chars;
        var (altered, afterAltered) = (false, false);
        for (var i = 0; i < chars.Length;)
        {
            var (start, end) = (i, LeetReading.EndOfToken(chars, i));
            if (end == i && !LeetWord.IsSign(chars, i))
            {
                _letters.Append(chars[i], sourceIsFolded ? i : source.OriginOf(i));
                i++;
                continue;
            }

            var word = LeetWord.Read(chars, i, end, 'i', afterAltered, _misspellings);
            for (; i < word.End; i++)
            {
                var letter = word.LetterOf(chars[i], i - start);
                altered |= letter != chars[i] && letter != ' ';
                _letters.Append(letter, sourceIsFolded ? i : source.OriginOf(i));
            }

            afterAltered = word.IsAltered;
        }

        return altered;
    }

    private static bool IsLatin(char c) => c is >= 'a' and <= 'z';
}
