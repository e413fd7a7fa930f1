using Aigc2d.Contracts.Moderation;

namespace Aigc2d.Gateway.Admission;

/// <summary>What is known about a prompt once everybody has spoken who was asked.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="HasUnreadableImage">Whether there is an image that nobody can look at although somebody must.</param>
internal sealed record ScreenedPrompt(Verdict Verdict, bool HasUnreadableImage = false)
{
    /// <summary>Two words on one prompt as one: the verdict that asks for more.</summary>
    public static ScreenedPrompt Worse(ScreenedPrompt one, ScreenedPrompt other) =>
        new(RankOf(other.Verdict) < RankOf(one.Verdict) ? other.Verdict : one.Verdict, one.HasUnreadableImage || other.HasUnreadableImage);

    private static int RankOf(Verdict verdict) => verdict.Action switch
    {
        VerdictAction.Block => 0,
        VerdictAction.Support => 1,
        VerdictAction.Review => 2,
        _ => 3,
    };
}
