using Aigc2d.Moderation.Normalisation;

namespace Aigc2d.Moderation.Models;

/// <summary>Takes the features of one sentence after the other.</summary>
internal interface ISentenceSink
{
    /// <param name="sentence">Which of the <see cref="Sentences"/>; those without features are left out.</param>
    /// <param name="fresh">The buckets of its features that no sentence before it had, each once.</param>
    /// <param name="repeated">Its other buckets, each once.</param>
    /// <param name="letters">Its letters.</param>
    /// <param name="han">Those of them that are Chinese.</param>
    void Take(int sentence, ReadOnlySpan<int> fresh, ReadOnlySpan<int> repeated, int letters, int han);
}

/// <summary>
/// The n-grams of a reading, hashed: words, pairs of words that stand together or around a third one, 3 to 5 characters within a word's bounds, 1 to 4 Chinese
/// characters. They come by the sentences of the folded text, each bucket once per sentence; what a text repeats does not count again for the whole of it. The
/// hashes are part of the model file's format.
/// </summary>
internal sealed class Grams
{
    public const int BucketBits = 18;
    public const int Buckets = 1 << BucketBits;

    private const ulong WordSeed = 0x6A09E667F3BCC908;
    private const ulong PairSeed = 0xBB67AE8584CAA73B;
    private const ulong AroundSeed = 0xA54FF53A5F1D36F1;
    private const ulong GramSeed = 0x3C6EF372FE94F82B;
    private const char Bound = '\u0001';
    private const int LongestWord = 40;

    private const int MostOfASentence = Sentences.Longest * 8;

    // Those of the sentence, and those of the text so far.
    private readonly ulong[] _seen = new ulong[Buckets / 64];
    private readonly ulong[] _known = new ulong[Buckets / 64];
    private readonly int[] _fresh = new int[MostOfASentence];
    private readonly int[] _repeated = new int[MostOfASentence];
    private Sentences _sentences = new(0);
    private int _freshCount;
    private int _repeatedCount;
    private int _sentence;
    private int _letters;
    private int _han;

    public void Read<TSink>(MappedText reading, Sentences sentences, ref TSink sink)
        where TSink : ISentenceSink, allows ref struct
    {
        (_sentences, _sentence) = (sentences, 0);
        Array.Clear(_known);
        var (before, farther) = (0UL, 0UL);
        var chars = reading.Chars;
        for (var i = 0; i < chars.Length;)
        {
            if (Letters.IsHan(chars[i]))
            {
                i = ReadHan(reading, i, ref sink);
                (before, farther) = (0, 0);
            }
            else if (Letters.IsSpelled(chars[i])) i = ReadWord(reading, i, ref before, ref farther, ref sink);
            else i++;
        }

        Flush(ref sink);
    }

    private int ReadHan<TSink>(MappedText reading, int start, ref TSink sink)
        where TSink : ISentenceSink, allows ref struct
    {
        var last = 0UL;
        var i = start;
        for (; i < reading.Length && Letters.IsHan(reading[i]); i++)
        {
            Enter(reading.OriginOf(i), ref sink);
            _letters++;
            _han++;
            last = (last << 16) | reading[i];
            var length = i - start + 1;
            Add(Mix((last & 0xFFFF) ^ GramSeed));
            if (length >= 2) Add(Mix((last & 0xFFFF_FFFF) ^ GramSeed));
            if (length >= 3) Add(Mix((last & 0xFFFF_FFFF_FFFF) ^ GramSeed));
            if (length >= 4) Add(Mix(last ^ GramSeed));
        }

        return i;
    }

    private int ReadWord<TSink>(MappedText reading, int start, ref ulong before, ref ulong farther, ref TSink sink)
        where TSink : ISentenceSink, allows ref struct
    {
        var (word, last, fifth) = (0UL, (ulong)Bound, 0UL);
        var numeric = true;
        var i = start;
        for (; i < reading.Length && Letters.IsSpelled(reading[i]); i++)
        {
            Enter(reading.OriginOf(i), ref sink);
            _letters++;
            if (i - start >= LongestWord) continue;
            var c = reading[i];
            numeric &= char.IsAsciiDigit(c);
            word = Mix(word ^ c);
            fifth = last >> 48;
            last = (last << 16) | c;
            if (!numeric) AddInside(last, fifth, i - start + 2);
        }

        if (!numeric)
        {
            fifth = last >> 48;
            AddInside((last << 16) | Bound, fifth, Math.Min(i - start, LongestWord) + 2);
        }

        Add(Mix(word ^ WordSeed));
        if (before != 0) Add(Mix(Mix(before ^ PairSeed) ^ word));
        if (farther != 0) Add(Mix(Mix(farther ^ AroundSeed) ^ word));
        (farther, before) = (before, word);
        return i;
    }

    // A word's characters so far, its bound counted.
    private void AddInside(ulong last, ulong fifth, int length)
    {
        if (length >= 3) Add(Mix((last & 0xFFFF_FFFF_FFFF) ^ GramSeed));
        if (length >= 4) Add(Mix(last ^ GramSeed));
        if (length >= 5) Add(Mix(last ^ Mix(fifth ^ GramSeed)));
    }

    private void Enter<TSink>(int origin, ref TSink sink)
        where TSink : ISentenceSink, allows ref struct
    {
        if (origin < _sentences.EndOf(_sentence)) return;
        Flush(ref sink);
        while (origin >= _sentences.EndOf(_sentence)) _sentence++;
    }

    private void Add(ulong hash)
    {
        var bucket = (int)(hash >> (64 - BucketBits));
        var bit = 1UL << (bucket & 63);
        ref var seen = ref _seen[bucket >> 6];
        if ((seen & bit) != 0 || _freshCount + _repeatedCount == MostOfASentence) return;
        seen |= bit;
        ref var known = ref _known[bucket >> 6];
        if ((known & bit) != 0) _repeated[_repeatedCount++] = bucket;
        else _fresh[_freshCount++] = bucket;
        known |= bit;
    }

    private void Flush<TSink>(ref TSink sink)
        where TSink : ISentenceSink, allows ref struct
    {
        var fresh = _fresh.AsSpan(0, _freshCount);
        var repeated = _repeated.AsSpan(0, _repeatedCount);
        if (_freshCount + _repeatedCount > 0) sink.Take(_sentence, fresh, repeated, _letters, _han);
        foreach (var bucket in fresh) _seen[bucket >> 6] = 0;
        foreach (var bucket in repeated) _seen[bucket >> 6] = 0;
        (_freshCount, _repeatedCount, _letters, _han) = (0, 0, 0, 0);
    }

    private static ulong Mix(ulong x)
    {
        x *= 0x9E3779B97F4A7C15;
        x ^= x >> 32;
        x *= 0xD6E8FEB86659FD93;
        return x ^ (x >> 29);
    }
}
