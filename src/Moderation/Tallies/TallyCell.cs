using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Models;

namespace Aigc2d.Moderation.Tallies;

/// <summary>What screenings are counted by: when, where, and how sure the engine was of one category. Nothing about who or what.</summary>
/// <param name="Hour">The hour that they were screened in, UTC.</param>
/// <param name="Stage">Prompt or output.</param>
/// <param name="Category">A category, or <see cref="All"/>.</param>
/// <param name="Language">The language they were judged in.</param>
/// <param name="Strictness">The plan's.</param>
/// <param name="IsRuleHit">Whether a written rule of the category hit that blocks by itself.</param>
/// <param name="Bucket">The classifier's probability of the category, see <see cref="ScoreBuckets.Fine"/>.</param>
/// <param name="AnyBucket">Its probability of any violation where the category is the likeliest, else 0, see <see cref="ScoreBuckets.Coarse"/>.</param>
internal readonly record struct TallyCell(DateTimeOffset Hour, ScreeningStage Stage, string Category, Language Language, Strictness Strictness, bool IsRuleHit, byte Bucket, byte AnyBucket)
{
    /// <summary>Every screening is counted here once.</summary>
    public const string All = "all";

    public static string NameOf(Language language) => language == Language.Chinese ? "zh" : "en";

    public static Language LanguageOf(string? name) => name == "zh" ? Language.Chinese : Language.English;
}

/// <summary>Probabilities in equal steps; of a hundred, step 85 is everything from 0.85 to just below 0.86.</summary>
internal sealed class ScoreBuckets
{
    public static readonly ScoreBuckets Fine = new(100);
    public static readonly ScoreBuckets Coarse = new(20);

    // As floats, so that a probability is in a step or not by the very comparison that decides about it.
    private readonly float[] _edges;

    private ScoreBuckets(int count) => _edges = [.. Enumerable.Range(0, count).Select(step => (float)((decimal)step / count))];

    public int Count => _edges.Length;

    public byte Of(float probability)
    {
        var step = Math.Clamp((int)(probability * Count), 0, Count - 1);
        if (probability < _edges[step]) step--;
        else if (step + 1 < Count && probability >= _edges[step + 1]) step++;
        return (byte)Math.Max(step, 0);
    }

    /// <summary>The least probability of a step.</summary>
    public float LeastOf(int bucket) => _edges[bucket];

    /// <summary>Where in a step thresholds cut it: its least probability, and each threshold that lies in it.</summary>
    public IEnumerable<float> PiecesOf(int bucket, IEnumerable<float> thresholds)
    {
        var (least, end) = (_edges[bucket], bucket + 1 < Count ? _edges[bucket + 1] : 1.0001f);
        return thresholds.Where(threshold => threshold > least && threshold < end).Prepend(least).Distinct();
    }
}
