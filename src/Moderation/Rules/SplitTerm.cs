using Aigc2d.Moderation.Normalisation;

namespace Aigc2d.Moderation.Rules;

/// <summary>What the stops between the characters of a Chinese term say.</summary>
internal enum SplitEvidence
{
    /// <summary>There are no stops.</summary>
    None,

    /// <summary>They part clauses, whose neighbouring characters spell the term by chance.</summary>
    Chance,

    /// <summary>There is one, which may part two clauses or two characters: another split term nearby decides.</summary>
    Doubtful,

    /// <summary>They split the term.</summary>
    Split,
}

/// <summary>
/// Tells a Chinese term that stops split from clauses whose neighbouring characters happen to spell it. Such clauses have more than one character, so between
/// characters that each stand alone stops are separators like any other.
/// </summary>
internal static class SplitTerm
{
    /// <param name="folded">The folded text.</param>
    /// <param name="place">Where the term stands in it.</param>
    /// <param name="letters">Of the term.</param>
    public static SplitEvidence Judge(ReadOnlySpan<char> folded, Stretch place, int letters)
    {
        var (splits, stops) = (0, 0);
        for (var i = place.Start + 1; i < place.End; i++)
        {
            if (Letters.IsStop(folded[i])) stops++;
            if (!Letters.IsWord(folded[i]) && Letters.IsWord(folded[i - 1])) splits++;
        }

        if (stops == 0) return SplitEvidence.None;
        if (splits < letters - 1) return SplitEvidence.Chance;
        if (letters > 2 || StandsApart(folded, place) || StandsInRow(folded, place)) return SplitEvidence.Split;
        return place.End - place.Start == letters + 1 ? SplitEvidence.Doubtful : SplitEvidence.Chance;
    }

    private static bool StandsApart(ReadOnlySpan<char> folded, Stretch place) =>
        (place.Start == 0 || !Letters.IsWord(folded[place.Start - 1])) && (place.End == folded.Length || !Letters.IsWord(folded[place.End]));

    private static bool StandsInRow(ReadOnlySpan<char> folded, Stretch place)
    {
        var (before, after) = (SplitRow.Before(folded, place.Start, SplitRow.Shortest - 2), SplitRow.After(folded, place.End, SplitRow.Shortest - 2));
        if (before + 2 + after >= SplitRow.Shortest) return true;

        // One character may be a clause between two others; the same separator on both sides of it is seldom met then.
        var separator = folded[(place.Start + 1)..(place.End - 1)];
        var left = folded[..place.Start];
        var right = folded[place.End..];
        return (before > 0 && left.EndsWith(separator) && Letters.IsHan(left[^(separator.Length + 1)]))
            || (after > 0 && right.StartsWith(separator) && Letters.IsHan(right[separator.Length]));
    }
}
