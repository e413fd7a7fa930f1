using Aigc2d.Moderation.Models;
using Aigc2d.Moderation.Rules;
using Aigc2d.Moderation.Screenings;

namespace Aigc2d.Moderation.Training;

/// <summary>Trains the model on everything, and beside it models that each leave out a part, to see what they say of those, as prompts and as answers.</summary>
internal static class CrossValidation
{
    private static readonly Calibration[] None = [.. Enumerable.Repeat(new Calibration(1, 0), Languages.Count * Heads.Count)];

    public static (Weights Final, Outcome[] Prompts, Outcome[] Answers) Run(RuleSet rules, IReadOnlyList<Example> examples, int seed, Action<string> progress)
    {
        var trained = new Weights[Sample.Folds + 1];
        Parallel.For(0, Sample.Folds + 1, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, fold =>
        {
            trained[fold] = Weights.Train(fold == Sample.Folds ? examples : [.. examples.Where(example => example.Sample.Fold != fold)], seed);
            progress(fold == Sample.Folds ? "trained on everything" : $"trained without part {fold + 1} of {Sample.Folds}");
        });

        // Windows of a text follow the whole of it.
        var whole = examples.Where(example => !example.Sample.Made).DistinctBy(example => (object)example.Sample, ReferenceEqualityComparer.Instance);
        var parts = whole.GroupBy(example => example.Sample.Fold).Select(part => part.ToArray()).ToArray();
        Outcome[] Ask(RuleStages stage) => [.. parts.SelectMany(part => Judge(rules, trained[part[0].Sample.Fold], part, stage))];
        var (prompts, answers) = (Ask(RuleStages.Prompt), Ask(RuleStages.Output));
        progress($"asked about {prompts.Length} texts");
        return (trained[Sample.Folds], prompts, answers);
    }

    // Asked as the engine asks, with every reading, window and rounded weight, so that thresholds are chosen on what will be seen.
    private static Outcome[] Judge(RuleSet rules, Weights weights, Example[] examples, RuleStages stage)
    {
        var model = Quantiser.Make(weights, rules, None, Thresholds.None);
        var outcomes = new Outcome[examples.Length];
        Parallel.For(0, examples.Length, () => new Desk(rules, model), (i, _, desk) =>
        {
            var (sample, language) = (examples[i].Sample, examples[i].Language);
            desk.Clear();
            desk.Read(sample.Text, 0, stage);
            outcomes[i] = new Outcome(sample, language, [.. Enumerable.Range(0, Heads.Count).Select(head => desk.Opinions.Of(language, head).LogOdds)],
                desk.Findings.Exists(finding => finding.Rule.Action == RuleAction.Block));
            return desk;
        }, _ => { });
        return outcomes;
    }
}
