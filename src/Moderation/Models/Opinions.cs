using Aigc2d.Moderation.Rules;

namespace Aigc2d.Moderation.Models;

/// <summary>The strongest opinion the classifier has had of a head in a language, and about what: characters of a text.</summary>
internal readonly record struct Opinion(float LogOdds, int Text, int Start, int End)
{
    public static readonly Opinion None = new(float.NegativeInfinity, 0, 0, 0);

    public float Probability => Calibration.Probability(LogOdds);
}

/// <summary>The strongest opinions so far, by language and head.</summary>
internal sealed class Opinions
{
    private readonly Opinion[] _all = new Opinion[Languages.Count * Heads.Count];

    public Opinions() => Clear();

    public void Clear() => Array.Fill(_all, Opinion.None);

    public Opinion Of(Language language, int head) => _all[(int)language * Heads.Count + head];

    public void Keep(Language language, int head, Opinion opinion)
    {
        ref var known = ref _all[(int)language * Heads.Count + head];
        if (opinion.LogOdds > known.LogOdds) known = opinion;
    }

    /// <summary>The probability of a head, whatever the language.</summary>
    public float ProbabilityOf(int head) => MathF.Max(Of(Language.English, head).Probability, Of(Language.Chinese, head).Probability);

    /// <summary>The category that a language's texts are most likely to fall under; what is left to a jurisdiction is not among them.</summary>
    public int Likeliest(Language language)
    {
        var best = 0;
        for (var head = 1; head < Categories.All.Count; head++)
            if (Categories.All[head] != "jurisdiction" && Of(language, head).LogOdds > Of(language, best).LogOdds) best = head;
        return best;
    }
}
