using Aigc2d.Contracts.Moderation;

namespace Aigc2d.Moderation.Evaluation;

/// <summary>The stage that texts of files are taken for.</summary>
internal static class Stages
{
    public static bool TryParse(CommandLine line, out ScreeningStage stage)
    {
        stage = line.Options.GetValueOrDefault("--stage") == "output" ? ScreeningStage.Output : ScreeningStage.Prompt;
        return line.Options.GetValueOrDefault("--stage") is null or "prompt" or "output";
    }
}
