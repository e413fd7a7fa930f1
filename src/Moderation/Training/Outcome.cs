using Aigc2d.Moderation.Models;

namespace Aigc2d.Moderation.Training;

/// <summary>What a model that had not seen a text said of it, read as the engine reads texts: raw scores, then probabilities, per head.</summary>
/// <param name="Sample">The text.</param>
/// <param name="Language">The language that it is judged in.</param>
/// <param name="Scores">By head.</param>
/// <param name="IsRefused">Whether written rules refuse it anyway.</param>
internal sealed record Outcome(Sample Sample, Language Language, float[] Scores, bool IsRefused = false)
{
    public float[] Probabilities { get; } = new float[Heads.Count];

    public sbyte Label(int head) => Sample.Labels[head];

    public void Calibrate(Calibration[] calibrations)
    {
        for (var head = 0; head < Heads.Count; head++)
            Probabilities[head] = Calibration.Probability(calibrations[(int)Language * Heads.Count + head].LogOdds(Scores[head]));
    }
}
