using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Rules;
using Aigc2d.Moderation.Screenings;

namespace Aigc2d.Moderation.Tallies;

/// <summary>Counts screenings in memory by what the engine was how sure of, until they are written. Never waits.</summary>
internal sealed class ScoreTally(TimeProvider time)
{
    // The database has been away for days: what is counted twice is worse than what is missing, and memory has an end.
    private const int MostCells = 200_000;

    private readonly Lock _gate = new();
    private Dictionary<TallyCell, long> _counts = [];

    public void Record(ScreeningStage stage, Strictness strictness, Judgement judgement)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var leaning = judgement.Leaning;
        var all = new TallyCell(new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero), stage, TallyCell.All, leaning.Language, strictness, false, ScoreBuckets.Fine.Of(leaning.Unsafe), 0);
        var distress = new Distress(judgement.Findings);
        lock (_gate)
        {
            Add(all, 1);
            for (var i = 0; i < Categories.All.Count; i++)
            {
                // Distress that a rule has heard is not taken for a violation.
                if (distress.Excuses(Categories.All[i])) continue;
                var cell = all with
                {
                    Category = Categories.All[i],
                    IsRuleHit = IsHit(judgement, Categories.All[i]),
                    Bucket = ScoreBuckets.Fine.Of(leaning.ByCategory[i]),
                    AnyBucket = leaning.Likeliest == i ? ScoreBuckets.Coarse.Of(leaning.Unsafe) : (byte)0,
                };
                if (cell is not { IsRuleHit: false, Bucket: 0, AnyBucket: 0 }) Add(cell, 1);
            }
        }
    }

    /// <summary>Takes everything counted so far.</summary>
    public Dictionary<TallyCell, long> Take()
    {
        lock (_gate)
        {
            var taken = _counts;
            _counts = [];
            return taken;
        }
    }

    /// <summary>Puts back what could not be written.</summary>
    public void Return(Dictionary<TallyCell, long> counts)
    {
        lock (_gate)
        {
            foreach (var (cell, count) in counts) Add(cell, count);
        }
    }

    private static bool IsHit(Judgement judgement, string category)
    {
        foreach (var finding in judgement.Findings)
            if (finding.Rule is { Action: RuleAction.Block, Index: >= 0 } && finding.Rule.Category == category) return true;
        return false;
    }

    private void Add(TallyCell cell, long count)
    {
        if (_counts.Count >= MostCells && !_counts.ContainsKey(cell)) return;
        System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_counts, cell, out _) += count;
    }
}
