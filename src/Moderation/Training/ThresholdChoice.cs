using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Models;

namespace Aigc2d.Moderation.Training;

/// <summary>Chooses thresholds on held-out texts: as low as harmless texts allow, of which so few may be refused by all heads together.</summary>
internal static class ThresholdChoice
{
    public const float HighestBlock = 0.995f;
    public const float LowestReview = 0.35f;
    private const int FewestPositives = 30;

    // Of the harmless texts of a role, the share that may be refused, and that may be sent to a person. A provider's text is looked at window by window, and
    // repeated looks would cut too many streams. The Chinese texts are harder than what people mostly ask.
    private static readonly Dictionary<(ScreeningStage, Language), (Dictionary<Role, double> Block, Dictionary<Role, double> Review)> Allowed = new()
    {
        [(ScreeningStage.Prompt, Language.English)] = (Shares(chat: 0.0075, images: 0.0005, twins: 0.07, labelled: 0.05), Shares(chat: 0.015, images: 0.002, twins: 0.12, labelled: 0.15)),
        [(ScreeningStage.Prompt, Language.Chinese)] = (Shares(chat: 0.015, images: 0.0005, twins: 0.07, labelled: 0.05), Shares(chat: 0.03, images: 0.002, twins: 0.12, labelled: 0.15)),
        [(ScreeningStage.Output, Language.English)] = (Shares(chat: 0.0001, images: 0.0002, twins: 0.0015, labelled: 0.001), Shares(chat: 0.003, images: 0.001, twins: 0.05, labelled: 0.05)),
        [(ScreeningStage.Output, Language.Chinese)] = (Shares(chat: 0.0003, images: 0.0002, twins: 0.003, labelled: 0.002), Shares(chat: 0.005, images: 0.001, twins: 0.05, labelled: 0.05)),
    };

    /// <param name="prompts">Texts, read as prompts.</param>
    /// <param name="answers">The same texts, read as providers' answers.</param>
    public static Thresholds Choose(IReadOnlyList<Outcome> prompts, IReadOnlyList<Outcome> answers)
    {
        var chosen = new Dictionary<(ScreeningStage, Language, int), Threshold>();
        foreach (var language in Enum.GetValues<Language>())
        {
            foreach (var stage in Enum.GetValues<ScreeningStage>())
            {
                var spoken = (stage == ScreeningStage.Prompt ? prompts : answers).Where(outcome => outcome.Language == language).ToArray();
                int[] heads = [.. Enumerable.Range(0, Heads.Count).Where(head => Heads.Names[head] != "jurisdiction" && spoken.Count(outcome => outcome.Label(head) == Labels.Yes) >= FewestPositives)];
                var (blocked, reviewed) = Allowed[(stage, language)];
                // Labelled files are posts of people; a provider's answers are more like our own texts.
                Role? sought = stage == ScreeningStage.Output && spoken.Any(outcome => outcome.Sample.Role == Role.Authored) ? Role.Authored : null;
                var block = new ThresholdSearch(spoken, blocked, sought).Run(heads, HighestBlock, Threshold.LowestBlock);
                var review = new ThresholdSearch(spoken, reviewed, sought).Run(heads, HighestBlock, LowestReview);
                foreach (var head in heads) chosen[(stage, language, head)] = new(block[head], MathF.Min(review[head], block[head]));
            }
        }

        return new Thresholds(at => chosen.GetValueOrDefault((at.Stage, at.Language, at.Head), Threshold.Never));
    }

    private static Dictionary<Role, double> Shares(double chat, double images, double twins, double labelled) =>
        new() { [Role.Chat] = chat, [Role.Images] = images, [Role.Twins] = twins, [Role.Labelled] = labelled };
}
