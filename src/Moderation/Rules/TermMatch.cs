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
        Term term, int start, int end, MappedText reading, MappedText folded, MappedText.Marks required, out Stretch place, out SplitEvidence evidence)
    {
        (place, evidence) = (default, SplitEvidence.None);
        var spelled = end - start;
        if (Letters.IsSpelled(reading[start]) && !MayBreak(reading, start, spelled)) return false;
        if (term.Open)
            for (var most = Math.Min(reading.Length, end + LongestEnding); end < most && Letters.IsSpelled(reading[end]);) end++;
        else if (Letters.IsSpelled(reading[end - 1]) && !MayBreak(reading, end, spelled)) return false;

        if (required != MappedText.Marks.None && (reading.MarksIn(start, end) & required) == 0) return false;

        place = new Stretch(reading.OriginOf(start), reading.OriginOf(end - 1) + 1, 0, 0);
        if (Letters.IsHan(reading[start]) && place.End - place.Start > end - start) evidence = SplitTerm.Judge(folded.Chars, place, end - start);
        return evidence != SplitEvidence.Chance;
    }

    private static bool MayBreak(MappedText reading, int at, int spelled)
    {
        if (at == 0 || at == reading.Length || !Letters.IsSpelled(reading[at - 1]) || !Letters.IsSpelled(reading[at])) return true;
        var loose = reading.MarksOf(at - 1) & reading.MarksOf(at) & MappedText.Marks.Loose;
        return loose != 0 && spelled >= ShortestLoose;
    }
}
