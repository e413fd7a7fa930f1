namespace Aigc2d.Moderation.Normalisation;

/// <summary>
/// Tells which word a misspelt one is meant to be: two neighbouring letters exchanged, one doubled, and in longer words one left out or a vowel taken for
/// another. Looks up hashes of what the word may have been; reads no list.
/// </summary>
internal sealed class Misspellings
{
    public const int Shortest = 4;
    public const int Longest = 20;

    // In shorter words a lost letter or another vowel makes another word too often.
    private const int ShortestChanged = 5;
    private const string Vowels = "aeiou";

    private static readonly ulong[] Powers = [.. Enumerable.Range(0, Longest + 1).Select(WordTable.Power)];

    private readonly string[] _words;
    private readonly WordTable _all;
    private readonly WordTable _byHash;
    private readonly WordTable _byLoss;

    /// <param name="words">The words to be recognised. Everything else that is no everyday word may be one of them misspelt.</param>
    public Misspellings(IReadOnlyCollection<string> words)
    {
        _all = new WordTable([.. words.Select(word => (WordTable.HashOf(word), 0))]);
        _words = [.. words.Where(word => word.Length is >= Shortest and <= Longest && !word.AsSpan().ContainsAnyExceptInRange('a', 'z')).Distinct().Order(StringComparer.Ordinal)];
        _byHash = new WordTable([.. _words.Select((word, i) => (WordTable.HashOf(word), i))]);
        _byLoss = new WordTable([.. _words.Index().Where(word => word.Item.Length >= ShortestChanged)
            .SelectMany(word => Enumerable.Range(1, word.Item.Length - 1).Select(lost => (WordTable.HashOf(word.Item.Remove(lost, 1)), word.Index)))]);
    }

    /// <summary>At most so many hashes are looked up for a word of so many letters.</summary>
    public static int LookUps(int letters) => 2 + letters + Vowels.Length * letters;

    /// <summary>Whether a word, of whatever characters, is one of the rules' words.</summary>
    public bool Has(ulong hash) => _all.Contains(hash);

    /// <summary>The word that was meant; null when the word is a right one, or like none.</summary>
    /// <param name="word">Letters a to z, <see cref="Shortest"/> to <see cref="Longest"/> of them.</param>
    /// <param name="hash">Of the word.</param>
    public string? Meant(ReadOnlySpan<char> word, ulong hash)
    {
        if (CommonWords.Contains(hash) || _byHash.Contains(hash)) return null;
        var found = Exchanged(word, hash);
        if (found < 0) found = Doubled(word, hash);
        if (found < 0) found = _byLoss.Find(hash);
        if (found < 0 && word.Length >= ShortestChanged) found = OtherVowel(word, hash);
        return found < 0 ? null : _words[found];
    }

    private int Exchanged(ReadOnlySpan<char> word, ulong hash)
    {
        for (var i = 0; i + 1 < word.Length; i++)
        {
            if (word[i] == word[i + 1]) continue;
            var (left, right) = (Powers[word.Length - 1 - i], Powers[word.Length - 2 - i]);
            var difference = unchecked((ulong)(word[i + 1] - word[i]));
            var found = _byHash.Find(unchecked(hash + difference * left - difference * right));
            if (found >= 0) return found;
        }

        return WordTable.None;
    }

    private int Doubled(ReadOnlySpan<char> word, ulong hash)
    {
        if (word.Length <= Shortest) return WordTable.None;
        var before = 0UL;
        for (var i = 0; i + 1 < word.Length; i++)
        {
            if (word[i] == word[i + 1])
            {
                // The letters up to and with this one move one place down; those after its double stay.
                var upTo = WordTable.Append(before, word[i]);
                var after = unchecked(hash - WordTable.Append(upTo, word[i + 1]) * Powers[word.Length - 2 - i]);
                var found = _byHash.Find(unchecked(upTo * Powers[word.Length - 2 - i] + after));
                if (found >= 0) return found;
            }

            before = WordTable.Append(before, word[i]);
        }

        return WordTable.None;
    }

    private int OtherVowel(ReadOnlySpan<char> word, ulong hash)
    {
        for (var i = 1; i < word.Length; i++)
        {
            if (!Vowels.Contains(word[i])) continue;
            foreach (var vowel in Vowels)
            {
                var found = _byHash.Find(unchecked(hash + (ulong)(vowel - word[i]) * Powers[word.Length - 1 - i]));
                if (found >= 0) return found;
            }
        }

        return WordTable.None;
    }
}
