using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Rules;

namespace Aigc2d.Moderation.Evaluation;

/// <summary>One of the probabilities that the engine gives: that a category applies, or that any does.</summary>
/// <param name="Index">The category's place in <see cref="Categories.All"/>; −1 is any of them.</param>
internal readonly record struct Head(int Index)
{
    public static readonly Head Any = new(-1);

    // Where a probability says yes.
    private const float Half = 0.5f;

    public static IEnumerable<Head> All => Enumerable.Range(-1, Categories.All.Count + 1).Select(i => new Head(i));

    public string Name => Index < 0 ? "unsafe" : Categories.All[Index];

    public static Head Of(string name) => All.Single(head => head.Name == name);

    /// <summary>
    /// What the labels say; null where they say nothing. A text that breaks a rule which nobody names is no evidence about a category, and neither is one that
    /// nobody has judged, unless it names others.
    /// </summary>
    public bool? IsTrue(RowLabels labels)
    {
        if (Index < 0) return labels.Unsafe;
        if (labels.Mask != 0) return (labels.Mask & (1 << Index)) != 0;
        return labels.Unsafe == false && labels.Unknown.Count == 0 ? false : null;
    }

    public float ScoreOf(in MeasuredRow row) => Index < 0 ? row.Scores.Unsafe : row.Scores.ByCategory[Index];

    public bool SaysYes(in MeasuredRow row) => ScoreOf(row) >= Half;

    /// <summary>Whether the text would be blocked, and for this.</summary>
    public bool Blocks(in MeasuredRow row) => row.Action == VerdictAction.Block && (Index < 0 || SaysYes(row));
}
