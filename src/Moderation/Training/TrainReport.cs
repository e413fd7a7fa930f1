using System.Globalization;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Evaluation;
using Aigc2d.Moderation.Models;

namespace Aigc2d.Moderation.Training;

/// <summary>Tables about a training, all on texts that the judging model had not seen.</summary>
internal static class TrainReport
{
    /// <param name="prompts">Texts, read as prompts.</param>
    /// <param name="answers">The same texts, read as providers' answers.</param>
    /// <param name="model">The model whose thresholds are shown.</param>
    /// <param name="output">Takes the tables.</param>
    public static void Write(IReadOnlyList<Outcome> prompts, IReadOnlyList<Outcome> answers, ScreeningModel model, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine("head                    language  positive  negative   AUPRC  recall at 1 % false   ECE   block  review");
        for (var head = 0; head < Heads.Count; head++)
            foreach (var language in Enum.GetValues<Language>()) WriteHead(prompts, model, head, language, output);

        output.WriteLine();
        output.WriteLine("texts, by rules and thresholds          language      texts   blocked  reviewed  blocked as answers");
        foreach (var language in Enum.GetValues<Language>())
        {
            void Line(string name, Func<Outcome, bool> isOne) =>
                WriteTexts(name, [.. prompts.Where(outcome => outcome.Language == language && isOne(outcome))], [.. answers.Where(outcome => outcome.Language == language && isOne(outcome))], model, language, output);

            foreach (var role in Enum.GetValues<Role>()) Line($"harmless: {role}", outcome => outcome.Sample.IsSafe && outcome.Sample.Role == role);
            Line("harmful: Labelled", outcome => outcome.Label(Heads.Unsafe) == Labels.Yes && outcome.Sample.Role == Role.Labelled);
            for (var head = 0; head < Heads.Count; head++) Line($"harmful: {Heads.Names[head]}", outcome => outcome.Label(head) == Labels.Yes && outcome.Label(Heads.Unsafe) == Labels.Yes && outcome.Sample.Role == Role.Authored);
        }

        output.WriteLine();
        foreach (var language in Enum.GetValues<Language>()) WriteTwins([.. prompts.Where(outcome => outcome.Language == language)], language, output);
        output.WriteLine();
    }

    // The corpus alone: harmful texts against the twins that share their words.
    private static void WriteTwins(Outcome[] outcomes, Language language, TextWriter output)
    {
        var harmful = outcomes.Where(outcome => outcome.Sample.Role == Role.Authored).Select(outcome => outcome.Probabilities[Heads.Unsafe]).ToArray();
        var twins = outcomes.Where(outcome => outcome.Sample.Role == Role.Twins).Select(outcome => outcome.Probabilities[Heads.Unsafe]).ToArray();
        var chat = outcomes.Where(outcome => outcome.Sample.Role == Role.Chat).Select(outcome => outcome.Probabilities[Heads.Unsafe]).ToArray();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"authored pairs, {language}: recall {RecallAt(0.08, harmful, twins):0.000} at 8 % of the twins, {RecallAt(0.01, harmful, chat):0.000} at 1 % of chat; above 0.5: harmful {Above(harmful)}, twins {Above(twins)}, chat {Above(chat)}"));
    }

    private static double? RecallAt(double falsePositives, float[] harmful, float[] harmless) =>
        new Ranking([.. harmful.Select(p => (p, true)), .. harmless.Select(p => (p, false))]).RecallAt(falsePositives);

    private static string Above(float[] probabilities) => Share(probabilities.Count(p => p >= 0.5f), Math.Max(1, probabilities.Length)).Trim();

    private static void WriteHead(IReadOnlyList<Outcome> heldOut, ScreeningModel model, int head, Language language, TextWriter output)
    {
        var known = heldOut.Where(outcome => outcome.Language == language && outcome.Label(head) != Labels.Unknown).ToArray();
        var positive = known.Where(outcome => outcome.Label(head) == Labels.Yes).Select(outcome => outcome.Probabilities[head]).ToArray();
        if (positive.Length == 0) return;
        (float Probability, bool IsTrue)[] scored = [.. known.Select(outcome => (outcome.Probabilities[head], outcome.Label(head) == Labels.Yes))];
        var harmless = known.Where(outcome => outcome.Sample.IsSafe && outcome.Sample.Role is not Role.Labelled).Select(outcome => outcome.Probabilities[head]).ToArray();
        var threshold = model.Thresholds.Of(ScreeningStage.Prompt, language, head);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Heads.Names[head],-23} {language,-8} {positive.Length,9} {known.Length - positive.Length,9}   {new Ranking(scored).AveragePrecision():0.000}  {RecallAt(0.01, positive, harmless),19:0.000}  {Reliability.Error(scored):0.000}  {threshold.Block:0.000}  {threshold.Review:0.000}"));
    }

    private static void WriteTexts(string name, Outcome[] prompts, Outcome[] answers, ScreeningModel model, Language language, TextWriter output)
    {
        if (prompts.Length == 0) return;
        string Reaching(Outcome[] outcomes, ScreeningStage stage, Func<Threshold, float> limit) => Share(
            outcomes.Count(outcome => outcome.IsRefused || Enumerable.Range(0, Heads.Count).Any(head => outcome.Probabilities[head] >= limit(model.Thresholds.Of(stage, language, head)))), Math.Max(1, outcomes.Length));

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-39} {language,-8} {prompts.Length,10}   {Reaching(prompts, ScreeningStage.Prompt, t => t.Block)}   {Reaching(prompts, ScreeningStage.Prompt, t => t.Review)}   {Reaching(answers, ScreeningStage.Output, t => t.Block)}"));
    }

    private static string Share(int part, int whole) => (100.0 * part / whole).ToString("0.00", CultureInfo.InvariantCulture).PadLeft(5) + " %";
}
