using Aigc2d.Moderation.Models;

namespace Aigc2d.Moderation.Training;

/// <summary>
/// Lowers the thresholds of all heads together, always where it finds most new harm for the harmless texts that it costs, until these are as many as allowed.
/// A text that one head or a written rule has found costs nothing and is worth nothing to the others.
/// </summary>
internal sealed class ThresholdSearch
{
    private const float Step = 0.1f;

    // What a step costs that costs nothing, as a share of what is allowed; so that one lucky text does not decide.
    private const double Free = 0.002;

    private readonly Outcome[] _outcomes;
    private readonly double[] _worth;
    private readonly double[] _cost;
    private readonly int[][] _ranked;
    private readonly int[] _next = new int[Heads.Count];
    private readonly float[] _lowest = new float[Heads.Count];
    private readonly bool[] _found;
    private readonly Dictionary<Role, double> _left = [];

    /// <param name="outcomes">Texts of one language.</param>
    /// <param name="allowed">Of the harmless texts of each role the share that may be found.</param>
    /// <param name="sought">The role of the harm that is looked for; null for any.</param>
    public ThresholdSearch(Outcome[] outcomes, IReadOnlyDictionary<Role, double> allowed, Role? sought = null)
    {
        (_outcomes, _found) = (outcomes, [.. outcomes.Select(outcome => outcome.IsRefused)]);
        foreach (var (role, share) in allowed) _left[role] = share * outcomes.Count(outcome => outcome.Sample.IsSafe && outcome.Sample.Role == role);
        _cost = [.. outcomes.Select(outcome => outcome.Sample.IsSafe && _left.TryGetValue(outcome.Sample.Role, out var most) ? 1 / Math.Max(most, 1) : 0)];
        var kinds = outcomes.Where(IsHarmful).CountBy(KindOf).ToDictionary();
        _worth = [.. outcomes.Select(outcome => IsHarmful(outcome) && (sought is null || outcome.Sample.Role == sought) ? 1 / Math.Sqrt(kinds[KindOf(outcome)]) : 0)];
        _ranked = [.. Enumerable.Range(0, Heads.Count).Select(Ranked)];
    }

    /// <summary>The probability from which each of the heads finds a text; heads that are left out find none.</summary>
    /// <param name="heads">The heads that take part.</param>
    /// <param name="highest">No threshold is higher.</param>
    /// <param name="lowest">No threshold is lower.</param>
    public float[] Run(IReadOnlyList<int> heads, float highest, float lowest)
    {
        var floor = LogOdds(lowest);
        Array.Fill(_lowest, LogOdds(highest));
        foreach (var head in heads) Take(head, _lowest[head]);
        while (BestOf(heads, floor) is { } best)
        {
            var to = Math.Max(_lowest[best] - Step, floor);
            Take(best, to);
            _lowest[best] = to;
        }

        return [.. _lowest.Select(logOdds => Math.Clamp(Calibration.Probability(logOdds), lowest, highest))];
    }

    public static float LogOdds(float probability) => MathF.Log(probability / (1 - probability));

    private int? BestOf(IReadOnlyList<int> heads, float floor)
    {
        (int? Head, double Worth) best = (null, -1);
        foreach (var head in heads.Where(head => _lowest[head] > floor))
            if (WorthOf(head, Math.Max(_lowest[head] - Step, floor)) is { } worth && worth > best.Worth) best = (head, worth);
        return best.Head;
    }

    /// <summary>How much harm a lower threshold finds for what it costs; null where too many harmless texts would be found.</summary>
    private double? WorthOf(int head, float to)
    {
        var (worth, cost) = (0.0, 0.0);
        var spent = new Dictionary<Role, int>();
        foreach (var i in NewlyFound(head, to))
        {
            (worth, cost) = (worth + _worth[i], cost + _cost[i]);
            if (_cost[i] > 0) spent[_outcomes[i].Sample.Role] = spent.GetValueOrDefault(_outcomes[i].Sample.Role) + 1;
        }

        return spent.Any(role => role.Value > _left[role.Key]) ? null : worth / (cost + Free);
    }

    private void Take(int head, float to)
    {
        foreach (var i in NewlyFound(head, to).ToArray())
        {
            _found[i] = true;
            if (_cost[i] > 0) _left[_outcomes[i].Sample.Role]--;
        }

        while (_next[head] < _ranked[head].Length && LogOdds(_outcomes[_ranked[head][_next[head]]].Probabilities[head]) >= to) _next[head]++;
    }

    private IEnumerable<int> NewlyFound(int head, float to)
    {
        for (var at = _next[head]; at < _ranked[head].Length; at++)
        {
            var i = _ranked[head][at];
            if (LogOdds(_outcomes[i].Probabilities[head]) < to) yield break;
            if (!_found[i]) yield return i;
        }
    }

    private int[] Ranked(int head) => [.. Enumerable.Range(0, _outcomes.Length).OrderByDescending(i => _outcomes[i].Probabilities[head])];

    private static bool IsHarmful(Outcome outcome) => outcome.Label(Heads.Unsafe) == Labels.Yes;

    // The category, or that nobody has named one.
    private static (int Head, Role Role) KindOf(Outcome outcome) => (Array.IndexOf(outcome.Sample.Labels, Labels.Yes), outcome.Sample.Role);
}
