using System.Text.RegularExpressions;
using Aigc2d.Moderation.Models;
using Aigc2d.Moderation.Normalisation;
using Aigc2d.Moderation.Rules;

namespace Aigc2d.Moderation.Tests.Models;

/// <summary>The classifier written down as plainly as possible: strings, sets and doubles.</summary>
internal static partial class SlowClassifier
{
    private const string Bound = "\u0001";

    public static IEnumerable<(string Text, int At)> GramsOf(MappedText reading)
    {
        var (before, farther) = ("", "");
        for (var i = 0; i < reading.Length;)
        {
            var start = i;
            if (Letters.IsHan(reading[i]))
            {
                while (i < reading.Length && Letters.IsHan(reading[i])) i++;
                for (var last = start; last < i; last++)
                    for (var length = 1; length <= 4 && length <= last - start + 1; length++) yield return (reading.Chars.Slice(last - length + 1, length).ToString(), reading.OriginOf(last));
                (before, farther) = ("", "");
                continue;
            }

            if (!Letters.IsSpelled(reading[i]))
            {
                i++;
                continue;
            }

            while (i < reading.Length && Letters.IsSpelled(reading[i])) i++;
            var word = reading.Chars[start..i].ToString();
            var bounded = Bound + word + Bound;
            for (var end = 2; end <= bounded.Length; end++)
            {
                if (bounded[1..Math.Min(end, bounded.Length - 1)].All(char.IsAsciiDigit)) continue;
                for (var length = 3; length <= 5 && length <= end; length++) yield return (bounded[(end - length)..end], reading.OriginOf(Math.Min(start + end - 2, i - 1)));
            }

            yield return ("word " + word, reading.OriginOf(i - 1));
            if (before.Length > 0) yield return ("pair " + before + " " + word, reading.OriginOf(i - 1));
            if (farther.Length > 0) yield return ("around " + farther + " " + word, reading.OriginOf(i - 1));
            (farther, before) = (before, word);
        }
    }

    public static int BucketOf(string gram)
    {
        if (gram.StartsWith("word ", StringComparison.Ordinal)) return Bucket(Mix(Word(gram[5..]) ^ 0x6A09E667F3BCC908));
        if (gram.StartsWith("pair ", StringComparison.Ordinal))
        {
            var words = gram[5..].Split(' ');
            return Bucket(Mix(Mix(Word(words[0]) ^ 0xBB67AE8584CAA73B) ^ Word(words[1])));
        }

        if (gram.StartsWith("around ", StringComparison.Ordinal))
        {
            var words = gram[7..].Split(' ');
            return Bucket(Mix(Mix(Word(words[0]) ^ 0xA54FF53A5F1D36F1) ^ Word(words[1])));
        }

        var (last, fifth) = (0UL, 0UL);
        foreach (var c in gram) (fifth, last) = (last >> 48, (last << 16) | c);
        return Bucket(gram.Length == 5 ? Mix(last ^ Mix(fifth ^ 0x3C6EF372FE94F82B)) : Mix(last ^ 0x3C6EF372FE94F82B));
    }

    /// <summary>Where the sentences of a folded text begin and end.</summary>
    public static List<(int Start, int End)> SentencesOf(string folded)
    {
        var sentences = new List<(int, int)>();
        for (var start = 0; start < folded.Length;)
        {
            var end = start + 1;
            while (end < folded.Length && end - start < 150 && (end - start < 12 || !Stop().IsMatch(folded.AsSpan(0, end)) || !AfterStop(folded, end))) end++;
            sentences.Add((start, end));
            start = end;
        }

        return sentences;
    }

    /// <summary>What is looked at: the whole, each sentence, each two, and of a long text rows of up to 300 characters; first sentence, last one, what it costs.</summary>
    public static IEnumerable<(int First, int Last, double Handicap)> WindowsOf(IReadOnlyList<(int Start, int End)> sentences)
    {
        var length = sentences[^1].End;
        yield return (0, sentences.Count - 1, 0);
        for (var i = 0; i < sentences.Count && sentences.Count > 1; i++)
        {
            yield return (i, i, Math.Log(sentences.Count));
            if (i > 0) yield return (i - 1, i, Math.Log(sentences.Count - 1));
        }

        for (var first = 0; length > 300;)
        {
            var last = Enumerable.Range(first, sentences.Count - first).Last(i => i == first || sentences[i].End - sentences[first].Start <= 300);
            yield return (first, last, Math.Log(length / 150.0));
            if (last == sentences.Count - 1) yield break;
            first = Enumerable.Range(first + 1, sentences.Count - first - 1).First(i => sentences[i].Start >= sentences[first].Start + 150);
        }
    }

    /// <summary>Log odds per head of some sentences of a text, read one way, and the language they are judged in; null when there is nothing to judge. A feature counts once in each sentence, and once in a whole text.</summary>
    public static (Language Language, double[] LogOdds)? LogOdds(ScreeningModel model, RuleSet rules, IReadOnlyList<(int Start, int End)> sentences, bool isWhole, MappedText reading, ReadOnlySpan<TermHit> hits)
    {
        bool IsInside(int place) => place >= sentences[0].Start && place < sentences[^1].End;
        var buckets = GramsOf(reading).Where(gram => IsInside(gram.At)).Select(gram => (Sentence: isWhole ? default : sentences.First(sentence => gram.At < sentence.End), Bucket: BucketOf(gram.Text))).Distinct().ToArray();
        if (buckets.Length == 0) return null;
        var chars = Enumerable.Range(0, reading.Length).Where(i => IsInside(reading.OriginOf(i))).Select(i => reading[i]).ToArray();
        var letters = chars.Count(Letters.IsWord);
        var rows = new int[Lexicon.Rows];
        var count = new Lexicon(rules).Read([.. hits.ToArray().Where(hit => IsInside(hit.Place.End - 1))], letters, rows);
        var language = Languages.Of(letters, chars.Count(Letters.IsHan));
        return (language,
        [
            .. Enumerable.Range(0, Heads.Count).Select(head =>
            {
                var grams = buckets.Sum(gram => (double)model.Grams[gram.Bucket * Heads.Lanes + head]);
                var lexicon = rows[..count].Sum(row => (double)model.Lexicon[row * Heads.Lanes + head]);
                var score = model.GramScales[head] * grams / Math.Sqrt(buckets.Length) + model.LexiconScales[head] * lexicon + model.Biases[head];
                var calibration = model.CalibrationOf(language, head);
                return calibration.Slope * score + calibration.Offset;
            }),
        ]);
    }

    [GeneratedRegex(@"[\n.!?;]\z")]
    private static partial Regex Stop();

    private static bool AfterStop(string folded, int end) =>
        folded[end - 1] == '\n' || end == folded.Length || char.IsWhiteSpace(folded[end]) || Letters.IsHan(folded[end]) || Letters.IsHan(folded[end - 2]);

    private static ulong Word(string word) => word.Aggregate(0UL, (hash, c) => Mix(hash ^ c));

    private static int Bucket(ulong hash) => (int)(hash >> 46);

    private static ulong Mix(ulong x)
    {
        x *= 0x9E3779B97F4A7C15;
        x ^= x >> 32;
        x *= 0xD6E8FEB86659FD93;
        return x ^ (x >> 29);
    }
}
