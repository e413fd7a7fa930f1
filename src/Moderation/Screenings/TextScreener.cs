using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Models;
using Aigc2d.Moderation.Policies;
using Aigc2d.Moderation.Rules;
using Microsoft.Extensions.ObjectPool;

namespace Aigc2d.Moderation.Screenings;

/// <summary>The screening engine: judges the texts of a request one by one and as one conversation. Thread-safe; knows no clock, disk or network.</summary>
internal sealed class TextScreener
{
    private readonly ObjectPool<Desk> _desks;
    private readonly PolicySnapshot _builtIn;

    /// <param name="rules">What is judged by.</param>
    /// <param name="model">The classifier beside the rules; null for rules alone.</param>
    public TextScreener(RuleSet rules, ScreeningModel? model = null)
    {
        (Rules, Model, _desks) = (rules, model, new DefaultObjectPool<Desk>(new DeskPolicy(rules, model)));
        _builtIn = PolicySnapshot.BuiltIn(Thresholds);
    }

    public RuleSet Rules { get; }

    public ScreeningModel? Model { get; }

    /// <summary>The model's own; none without a model.</summary>
    public Thresholds Thresholds => Model?.Thresholds ?? Thresholds.None;

    /// <param name="texts">The texts of a request.</param>
    /// <param name="stage">Where they were met.</param>
    /// <param name="policy">What rules and the classifier's probabilities lead to; null for what is built in.</param>
    public Judgement Screen(IReadOnlyList<string> texts, ScreeningStage stage, StagePolicy? policy = null)
    {
        var stages = stage == ScreeningStage.Prompt ? RuleStages.Prompt : RuleStages.Output;
        policy ??= _builtIn.For(stage, Strictness.Standard);
        var desk = _desks.Get();
        try
        {
            for (var i = 0; i < texts.Count; i++) desk.Read(texts[i], i, stages);
            if (texts.Count > 1) desk.ReadTogether(texts, stages);
            if (Model is null) return desk.Findings.Count == 0 ? Judgement.Allowed : Judgement.Of(desk.Findings, Scores.Of(desk.Findings), Leaning.None, policy);
            var leaning = Leaning.Of(desk.Opinions);
            var scores = Scores.Of(desk.Findings, leaning);
            ModelRules.Apply(desk.Opinions, policy, desk.Findings);
            return Judgement.Of(desk.Findings, scores, leaning, policy);
        }
        finally
        {
            _desks.Return(desk);
        }
    }

    private sealed class DeskPolicy(RuleSet rules, ScreeningModel? model) : PooledObjectPolicy<Desk>
    {
        public override Desk Create() => new(rules, model);

        public override bool Return(Desk desk)
        {
            desk.Clear();
            return true;
        }
    }
}
