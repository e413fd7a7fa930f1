using System.Text;

namespace Aigc2d.Moderation.Evaluation.Evasions;

/// <summary>One slip in every longer English word: two neighbours exchanged most of the time, else a letter dropped, doubled, or one vowel for another.</summary>
internal sealed class LetterSwaps : IEvasion
{
    private const int ShortestWord = 4;
    private const string Vowels = "aeiou";

    public string Family => "letter swaps";

    public string Disguise(string text, Random random)
    {
        var disguised = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length;)
        {
            var end = i;
            while (end < text.Length && char.IsAsciiLetter(text[end])) end++;
            if (end - i >= ShortestWord) disguised.Append(Slip(text[i..end], random));
            else if (end > i) disguised.Append(text, i, end - i);
            else disguised.Append(text[end++]);
            i = end;
        }

        return disguised.ToString();
    }

    // Inside the word: readers hold on to the first and the last letter.
    private static string Slip(string word, Random random)
    {
        var at = random.Next(1, word.Length - 2);
        return random.Next(8) switch
        {
            0 => word.Remove(at, 1),
            1 => word.Insert(at, word[at].ToString()),
            2 when VowelIn(word) is > 0 and var vowel => $"{word[..vowel]}{Vowels[(Vowels.IndexOf(char.ToLowerInvariant(word[vowel]), StringComparison.Ordinal) + random.Next(1, 5)) % 5]}{word[(vowel + 1)..]}",
            _ => $"{word[..at]}{word[at + 1]}{word[at]}{word[(at + 2)..]}",
        };
    }

    private static int VowelIn(string word) => Array.FindIndex(word.ToCharArray(), 1, c => Vowels.Contains(char.ToLowerInvariant(c)));
}
