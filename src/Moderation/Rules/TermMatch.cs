using Aigc2d.Moderation.Normalisation;

namespace Aigc2d.Moderation.Rules;

/// <summary>Decides whether a run of characters that spells a term is the term: words must begin and end where the text lets words begin and end.</summary>
internal static class TermMatch
{
    // Shorter words turn up in any row of letters.
    private const int ShortestLoose = 4;

    // An open term goes on to the end of its word, but not through a spaced-out text that is all one word.
    private const int LongestEnding = 24;

    public static bool TryAccept(
        Term term, int start, int end, MappedText reading, MappedText folded, MappedText.Marks required, out Stretch place)
    {
        place = default;
        var spelled = end - start;
        if (Letters.IsSpelled(reading[start]) && !MayBreak(reading, start, spelled)) return false;
        if (term.Open)
            for (var most = Math.Min(reading.Length, end + LongestEnding); end < most && Letters.IsSpelled(reading[end]);) end++;
        else if (Letters.IsSpelled(reading[end - 1]) && !MayBreak(reading, end, spelled)) return false;

        if (required != MappedText.Marks.None && (reading.MarksIn(start, end) & required) == 0) return false;

        place = new Stretch(reading.OriginOf(start), reading.OriginOf(end - 1) + 1, 0, 0);
        return !Letters.IsHan(reading[start]) || place.End - place.Start == end - start || IsSplitThroughout(folded.Chars, place, end - start);
    }

    private static bool MayBreak(MappedText reading, int at, int spelled)
    {
        if (at == 0 || at == reading.Length || !Letters.IsSpelled(reading[at - 1]) || !Letters.IsSpelled(reading[at])) return true;
        var loose = reading.MarksOf(at - 1) & reading.MarksOf(at) & MappedText.Marks.Loose;
        return loose != 0 && spelled >= ShortestLoose;
    }

    // A comma may part two clauses whose neighbouring characters happen to spell a term; a text that is split on purpose is split everywhere, around the term too.
    private static bool IsSplitThroughout(ReadOnlySpan<char> chars, Stretch place, int letters)
    {
        var (splits, stops) = (0, 0);
        for (var i = place.Start + 1; i < place.End; i++)
        {
            if (Letters.IsStop(chars[i])) stops++;
            if (!Letters.IsWord(chars[i]) && Letters.IsWord(chars[i - 1])) splits++;
        }

        if (stops == 0) return true;
        var apart = (place.Start == 0 || !Letters.IsWord(chars[place.Start - 1])) && (place.End == chars.Length || !Letters.IsWord(chars[place.End]));
        return apart && splits == letters - 1;
    }
}
