namespace Aigc2d.Moderation.Evaluation;

/// <summary>How commands on files end.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    public const int Failed = 1;

    /// <summary>Asked for what cannot be done, or some of the input is no input.</summary>
    public const int Misused = 2;
}
