using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ProviderAdapters.Health;

namespace Aigc2d.ProviderAdapters.Routing;

/// <summary>
/// Picks the channel for the next attempt: the highest priority that has a usable one, and there the less loaded of two drawn by weight, or
/// the one that a prompt prefix belongs to.
/// </summary>
internal sealed class SelectChannel(ChannelHealths healths, Random random, RoutingMetrics metrics, TimeProvider time)
{
    private const int FewCandidates = 64;

    /// <param name="candidates">The highest priority first.</param>
    /// <param name="excluded">Channels that are out of the question.</param>
    /// <param name="prefix">What <see cref="Affinity"/> makes of the client's wish; null without one.</param>
    /// <param name="tokens">The prompt's size.</param>
    /// <returns>A place on the channel, or null when none can be asked now.</returns>
    public Attempt? Take(IReadOnlyList<Candidate> candidates, IReadOnlyCollection<Guid> excluded, ulong? prefix, int tokens)
    {
        var now = time.GetUtcNow();
        Span<int> usable = candidates.Count <= FewCandidates ? stackalloc int[FewCandidates] : new int[candidates.Count];
        for (var start = 0; start < candidates.Count;)
        {
            var count = 0;
            var next = start;
            for (; next < candidates.Count && candidates[next].Channel.Priority == candidates[start].Channel.Priority; next++)
            {
                if (!excluded.Contains(candidates[next].Channel.Id) && IsUsable(candidates[next], now)) usable[count++] = next;
            }

            while (count > 0)
            {
                var picked = prefix is { } hash ? Nearest(candidates, usable[..count], hash) : LessLoaded(candidates, usable[..count]);
                if (TryTake(candidates[usable[picked]], tokens) is { } attempt) return attempt;
                usable[picked] = usable[--count];
            }

            start = next;
        }

        return null;
    }

    private bool IsUsable(Candidate candidate, DateTimeOffset now)
    {
        var health = healths.Of(candidate.Channel);
        return health.IsUsable(now) && health.Model(candidate.HealthName).IsUsable(now);
    }

    /// <summary>Others may have been faster since the look.</summary>
    private Attempt? TryTake(Candidate candidate, int tokens)
    {
        var health = healths.Of(candidate.Channel);
        if (!health.TryEnter(tokens)) return null;

        var model = health.Model(candidate.HealthName);
        if (model.Breaker.TryPass() is { } pass) return new Attempt(candidate, health, model, pass, tokens, metrics, time);

        health.GiveBack(tokens);
        health.Leave();
        return null;
    }

    private static int Nearest(IReadOnlyList<Candidate> candidates, ReadOnlySpan<int> usable, ulong prefix)
    {
        var (nearest, best) = (0, double.NegativeInfinity);
        for (var i = 0; i < usable.Length; i++)
        {
            var channel = candidates[usable[i]].Channel;
            var score = Affinity.Score(prefix, channel.Id, channel.Weight);
            if (score > best) (nearest, best) = (i, score);
        }

        return nearest;
    }

    private int LessLoaded(IReadOnlyList<Candidate> candidates, ReadOnlySpan<int> usable)
    {
        if (usable.Length == 1) return 0;
        var first = Draw(candidates, usable, without: -1);
        var second = Draw(candidates, usable, without: first);
        return LoadOf(candidates[usable[second]]) < LoadOf(candidates[usable[first]]) ? second : first;
    }

    private double LoadOf(Candidate candidate) => (double)healths.Of(candidate.Channel).Running / candidate.Channel.Weight;

    private int Draw(IReadOnlyList<Candidate> candidates, ReadOnlySpan<int> usable, int without)
    {
        var weights = 0;
        for (var i = 0; i < usable.Length; i++) weights += i == without ? 0 : candidates[usable[i]].Channel.Weight;
        var roll = random.Next(weights);
        for (var i = 0; i < usable.Length; i++)
        {
            if (i == without) continue;
            roll -= candidates[usable[i]].Channel.Weight;
            if (roll < 0) return i;
        }

        return usable.Length - 1;
    }
}
