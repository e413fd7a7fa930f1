namespace Aigc2d.Gateway.Moderations;

/// <summary>The models that our own engine answers for: OpenAI's names, so that a client need not know, and our own.</summary>
internal static class ModerationModels
{
    public static bool IsOurs(string model) =>
        model == ModerateInput.OwnModel || model.StartsWith("omni-moderation-", StringComparison.Ordinal) || model.StartsWith("text-moderation-", StringComparison.Ordinal);
}
