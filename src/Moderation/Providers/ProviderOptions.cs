using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Screenings;

namespace Aigc2d.Moderation.Providers;

/// <summary>When a provider's moderation is asked beside our own engine: the setting <c>Moderation:Upstream</c>.</summary>
internal enum UpstreamMode
{
    /// <summary>Never: no text leaves for moderation alone.</summary>
    Off,

    /// <summary>Where our engine is not sure, and for every image. When nobody answers, our engine's word stands.</summary>
    Uncertain,

    /// <summary>For every prompt and every image. When nobody answers, the prompt is not admitted.</summary>
    Always,
}

/// <summary>The settings of a provider's moderation.</summary>
/// <param name="Mode">When it is asked.</param>
/// <param name="Model">The moderation model; a channel has to list it.</param>
internal sealed record ProviderOptions(UpstreamMode Mode, string Model)
{
    /// <summary>The model that is asked unless <c>Moderation:UpstreamModel</c> names another.</summary>
    public const string UsualModel = "omni-moderation-latest";

    // As calibrated as the classifier is, one in four of such prompts breaks a rule.
    private const float Doubt = 0.25f;

    /// <summary>Whether a prompt that our engine has judged so is to be shown to a provider too.</summary>
    public bool AsksAbout(ScreeningStage stage, Judgement own) =>
        stage == ScreeningStage.Prompt && own.Action != VerdictAction.Block
        && (Mode == UpstreamMode.Always || (Mode == UpstreamMode.Uncertain && (own.Action == VerdictAction.Review || own.Scores.Unsafe >= Doubt)));

    /// <summary>Whether a provider is to look at the images of a prompt whose texts our engine has judged so: it cannot say anything about them itself.</summary>
    public ImageCheck LooksAt(Screening prompt, Judgement own) => Mode switch
    {
        _ when prompt.Stage != ScreeningStage.Prompt || prompt.Images == 0 || own.Action == VerdictAction.Block => ImageCheck.None,
        UpstreamMode.Always => ImageCheck.Required,
        UpstreamMode.Uncertain => ImageCheck.Wanted,
        _ => ImageCheck.None,
    };

    /// <exception cref="InvalidOperationException">A setting makes no sense; it is named.</exception>
    public static ProviderOptions Of(IConfiguration configuration)
    {
        var (mode, model) = (configuration["Moderation:Upstream"], configuration["Moderation:UpstreamModel"]);
        return new(
            mode switch
            {
                null or "" or "off" => UpstreamMode.Off,
                "uncertain" => UpstreamMode.Uncertain,
                "always" => UpstreamMode.Always,
                _ => throw new InvalidOperationException($"Moderation:Upstream is '{mode}'; it must be off, uncertain or always."),
            },
            string.IsNullOrEmpty(model) ? UsualModel : model);
    }
}
