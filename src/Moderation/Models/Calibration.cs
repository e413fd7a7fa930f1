namespace Aigc2d.Moderation.Models;

/// <summary>Turns a head's raw score into the log odds of a probability; rising, because the slope is positive.</summary>
internal readonly record struct Calibration(float Slope, float Offset)
{
    public float LogOdds(float score) => Slope * score + Offset;

    public static float Probability(float logOdds) => 1 / (1 + MathF.Exp(-logOdds));
}
