namespace Aigc2d.Moderation.Evaluation;

/// <summary>A number that the engine has to reach.</summary>
/// <param name="Name">What is measured.</param>
/// <param name="IsAtLeast">Whether more is better.</param>
/// <param name="Pass">What has to be reached.</param>
/// <param name="Stretch">What is hoped for; null where nothing is.</param>
/// <param name="Digits">How many places are shown.</param>
internal sealed record Target(string Name, bool IsAtLeast, double Pass, double? Stretch, int Digits = 3)
{
    public bool IsMetBy(double measured) => IsAtLeast ? measured >= Pass : measured <= Pass;

    public bool IsStretchedBy(double measured) => Stretch is { } stretch && (IsAtLeast ? measured >= stretch : measured <= stretch);
}

/// <summary>A target and what was measured.</summary>
/// <param name="Target">The target.</param>
/// <param name="Measured">The number.</param>
/// <param name="On">What it was measured on.</param>
internal sealed record TargetResult(Target Target, double Measured, string On)
{
    public string Met => Target.IsStretchedBy(Measured) ? "stretch" : Target.IsMetBy(Measured) ? "yes" : "no";
}
