using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Rules;
using Microsoft.Extensions.ObjectPool;

namespace Aigc2d.Moderation.Screenings;

/// <summary>The screening engine: judges the texts of a request one by one and as one conversation. Thread-safe; knows no clock, disk or network.</summary>
internal sealed class TextScreener
{
    private readonly ObjectPool<Desk> _desks;

    public TextScreener(RuleSet rules) => (Rules, _desks) = (rules, new DefaultObjectPool<Desk>(new DeskPolicy(rules)));

    public RuleSet Rules { get; }

    public Judgement Screen(IReadOnlyList<string> texts, ScreeningStage stage)
    {
        var stages = stage == ScreeningStage.Prompt ? RuleStages.Prompt : RuleStages.Output;
        var desk = _desks.Get();
        try
        {
            for (var i = 0; i < texts.Count; i++) desk.Read(texts[i], i, stages);
            if (texts.Count > 1) desk.ReadTogether(texts, stages);
            return Judgement.Of(desk.Findings);
        }
        finally
        {
            _desks.Return(desk);
        }
    }

    private sealed class DeskPolicy(RuleSet rules) : PooledObjectPolicy<Desk>
    {
        public override Desk Create() => new(rules);

        public override bool Return(Desk desk)
        {
            desk.Clear();
            return true;
        }
    }
}
