using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Screenings;

namespace Aigc2d.Moderation.Evaluation;

/// <summary>A row after screening, without its text.</summary>
/// <param name="Labels">What it is said to be.</param>
/// <param name="Action">What the engine would do.</param>
/// <param name="Scores">What the engine says.</param>
/// <param name="Microseconds">How long that took.</param>
internal readonly record struct MeasuredRow(RowLabels Labels, VerdictAction Action, Scores Scores, double Microseconds);

/// <summary>A labelled file and what the engine says of it.</summary>
/// <param name="Path">The file.</param>
/// <param name="Rows">Its rows, in order.</param>
internal sealed record MeasuredSet(string Path, IReadOnlyList<MeasuredRow> Rows)
{
    /// <summary>The file's name without its endings.</summary>
    public string Name { get; } = System.IO.Path.GetFileName(Path).Split(".json")[0];

    /// <summary>Whether a model may have been trained on it: it lies in a folder of training data.</summary>
    public bool IsTraining { get; } = System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))) == "train";
}
