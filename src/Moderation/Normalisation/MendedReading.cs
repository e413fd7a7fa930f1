namespace Aigc2d.Moderation.Normalisation;

/// <summary>The words of a text with misspelt words of the rules put right. Matches count only where something was put right.</summary>
internal sealed class MendedReading(int capacity)
{
    /// <summary>A mended word is at most one letter longer, and at least five letters long.</summary>
    public MappedText Text { get; } = new(capacity + capacity / 5 + 1);

    /// <summary>Characters looked at and hashes looked up so far.</summary>
    public long Work { get; private set; }

    /// <summary>Makes the reading and says whether it differs from the words.</summary>
    public bool Read(MappedText words, Misspellings misspellings)
    {
        Text.Clear();
        var chars = words.Chars;
        Work += chars.Length;
        var copied = 0;
        for (var i = 0; i < chars.Length;)
        {
            var start = i;
            var hash = 0UL;
            for (; i < chars.Length && chars[i] is >= 'a' and <= 'z'; i++) hash = WordTable.Append(hash, chars[i]);
            if (i == start || (i < chars.Length && Letters.IsSpelled(chars[i])))
            {
                // A word with digits or letters of another script is left to other readings.
                do i++;
                while (i < chars.Length && Letters.IsSpelled(chars[i]) && Letters.IsSpelled(chars[i - 1]));
                continue;
            }

            if (i - start is < Misspellings.Shortest or > Misspellings.Longest) continue;
            Work += Misspellings.LookUps(i - start);
            if (misspellings.Meant(chars[start..i], hash) is not { } meant) continue;
            Copy(words, copied, start);
            for (var c = 0; c < meant.Length; c++)
                Text.Append(meant[c], words.OriginOf(start + c * (i - start - 1) / (meant.Length - 1)), words.MarksOf(start) | MappedText.Marks.Altered);
            copied = i;
        }

        if (copied == 0) return false;
        Copy(words, copied, chars.Length);
        return true;
    }

    private void Copy(MappedText words, int start, int end)
    {
        for (var i = start; i < end; i++) Text.Append(words[i], words.OriginOf(i), words.MarksOf(i));
    }
}
