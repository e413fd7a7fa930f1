namespace Aigc2d.Moderation.Normalisation;

/// <summary>Numbers by the hash of a word, without the words: made once, never changed.</summary>
internal sealed class WordTable
{
    /// <summary>The answer for a word that is not there.</summary>
    public const int None = -1;

    // A word is a number with its letters for digits, so that a slip changes the hash in ways that need no second look at the word.
    private const ulong Radix = 0x9E3779B97F4A7C15;

    private readonly ulong[] _keys;
    private readonly int[] _values;
    private readonly int _mask;

    /// <param name="words">Of words that come several times the first one counts.</param>
    public WordTable(IReadOnlyCollection<(ulong Hash, int Value)> words)
    {
        var size = 16;
        while (size < words.Count * 2) size *= 2;
        (_keys, _values, _mask) = (new ulong[size], new int[size], size - 1);
        foreach (var (hash, value) in words)
        {
            var slot = Slot(hash);
            while (_keys[slot] != 0 && _keys[slot] != hash) slot = (slot + 1) & _mask;
            if (_keys[slot] == hash) continue;
            (_keys[slot], _values[slot]) = (hash, value);
        }
    }

    public static ulong Append(ulong hash, char c) => unchecked(hash * Radix + c);

    public static ulong HashOf(ReadOnlySpan<char> word)
    {
        var hash = 0UL;
        foreach (var c in word) hash = Append(hash, c);
        return hash;
    }

    /// <summary>What one letter is worth with so many letters after it.</summary>
    public static ulong Power(int lettersAfter)
    {
        var power = 1UL;
        for (var i = 0; i < lettersAfter; i++) power = unchecked(power * Radix);
        return power;
    }

    public int Find(ulong hash)
    {
        for (var slot = Slot(hash); _keys[slot] != 0; slot = (slot + 1) & _mask)
            if (_keys[slot] == hash) return _values[slot];
        return None;
    }

    public bool Contains(ulong hash) => Find(hash) != None;

    private int Slot(ulong hash) => (int)(unchecked((hash ^ (hash >> 29)) * 0xBF58476D1CE4E5B9UL) >> 40) & _mask;
}
