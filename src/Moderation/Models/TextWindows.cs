namespace Aigc2d.Moderation.Models;

/// <summary>Rows of neighbouring sentences that are looked at together, one after the other.</summary>
/// <param name="sentences">The sentences of a piece.</param>
/// <param name="most">So many sentences at most, and no more than <see cref="Widest"/> characters. Small windows begin at every sentence, wide ones overlap by half.</param>
internal struct TextWindows(Sentences sentences, int most)
{
    /// <summary>Characters; two sentences always fit.</summary>
    public const int Widest = 2 * Sentences.Longest;

    private const int Step = Widest / 2;

    /// <summary>The first sentence.</summary>
    public int First { get; private set; } = -1;

    /// <summary>The sentence behind the last one.</summary>
    public int End { get; private set; }

    /// <summary>About how many windows there are.</summary>
    public readonly float About => most < int.MaxValue ? sentences.Count - most + 1 : (float)sentences.EndOf(sentences.Count - 1) / Step;

    public bool Next()
    {
        if (End == sentences.Count) return false;
        var from = First < 0 || most < int.MaxValue ? 0 : sentences.StartOf(First) + Step;
        do First++;
        while (sentences.StartOf(First) < from);
        while (End < sentences.Count && End - First < most && sentences.EndOf(End) - sentences.StartOf(First) <= Widest) End++;
        return true;
    }
}
