using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ProviderAdapters.Routing;
using FsCheck;
using FsCheck.Fluent;

namespace Aigc2d.ProviderAdapters.Tests.Routing;

/// <summary>What selection must do whatever the channels are like.</summary>
public sealed class SelectChannelProperties
{
    private static readonly Config Quick = Config.QuickThrowOnFailure.WithMaxTest(300);

    // Priority, weight, and whether the channel is at rest.
    private static Gen<(int Priority, int Weight, bool Rests)[]> Channels { get; } =
        (from priority in Gen.Choose(0, 3)
         from weight in Gen.Choose(1, 20)
         from rests in Gen.Elements(true, false)
         select (priority, weight, rests)).NonEmptyListOf().Select(channels => channels.ToArray());

    [Fact]
    public void A_channel_of_a_lower_priority_is_taken_only_when_no_higher_one_is_usable() =>
        Prop.ForAll(Arb.From(Channels), Arb.From(Gen.Choose(0, 1_000)), (channels, seed) =>
        {
            using var bench = new RoutingBench(seed);
            var candidates = RoutingBench.InOrder(channels.Select(channel => RoutingBench.CandidateOf(channel.Priority, channel.Weight)));
            var ordered = channels.OrderByDescending(channel => channel.Priority).ToArray();
            for (var i = 0; i < candidates.Length; i++)
            {
                if (ordered[i].Rests) bench.Rest(candidates[i]);
            }

            using var attempt = bench.Take(candidates, seed % 2 == 0 ? (ulong)seed : null);

            var usable = ordered.Where(channel => !channel.Rests).ToArray();
            return usable.Length == 0
                ? attempt is null
                : attempt!.Candidate.Channel.Priority == usable.Max(channel => channel.Priority) && !ordered[Array.IndexOf(candidates, attempt.Candidate)].Rests;
        }).Check(Quick);

    [Fact]
    public void Shares_follow_the_weights()
    {
        foreach (var sticky in new[] { false, true })
        {
            using var bench = new RoutingBench(seed: 7);
            int[] weights = [1, 2, 5];
            var candidates = weights.Select(weight => RoutingBench.CandidateOf(weight: weight)).ToArray();
            const int Calls = 8_000;
            var taken = candidates.ToDictionary(candidate => candidate.Channel.Id, _ => 0);
            for (var i = 0; i < Calls; i++)
            {
                using var attempt = bench.Take(candidates, sticky ? Affinity.Of(Guid.Empty, $"prefix {i}") : null);
                taken[attempt!.Candidate.Channel.Id]++;
            }

            foreach (var candidate in candidates) Assert.InRange(taken[candidate.Channel.Id] / (Calls * candidate.Channel.Weight / 8.0), 0.9, 1.1);
        }
    }

    [Fact]
    public void Of_two_channels_the_less_loaded_is_taken()
    {
        using var bench = new RoutingBench();
        var candidates = new[] { RoutingBench.CandidateOf(weight: 3), RoutingBench.CandidateOf(weight: 1) };

        var attempts = Enumerable.Range(0, 40).Select(_ => bench.Take(candidates)!).ToArray();

        // In proportion to the weights, to the call: whoever is drawn first, the other takes it if it is less loaded.
        Assert.InRange(attempts.Count(attempt => attempt.Candidate == candidates[0]), 29, 31);
        foreach (var attempt in attempts) attempt.Dispose();
        Assert.Equal([0, 0], candidates.Select(candidate => bench.Healths.Of(candidate.Channel).Running));
    }

    [Fact]
    public void A_prefix_stays_with_its_channel_while_that_is_usable_and_others_stay_when_one_goes() =>
        Prop.ForAll(Arb.From(Gen.Choose(2, 8)), Arb.From(Gen.Choose(0, 100_000)), (count, seed) =>
        {
            using var bench = new RoutingBench(seed);
            var candidates = Enumerable.Range(0, count).Select(i => RoutingBench.CandidateOf(weight: 1 + (i % 3))).ToArray();
            var prefixes = Enumerable.Range(0, 20).Select(i => Affinity.Of(Guid.Empty, $"{seed}-{i}")).ToArray();
            var before = prefixes.Select(Home).ToArray();
            var again = prefixes.Select(Home).ToArray();
            bench.Rest(candidates[0]);
            var without = prefixes.Select(Home).ToArray();
            bench.Clock.Advance(TimeSpan.FromMinutes(2));
            var after = prefixes.Select(Home).ToArray();

            var moved = Enumerable.Range(0, prefixes.Length).Where(i => before[i] != without[i]);
            return before.SequenceEqual(again) && before.SequenceEqual(after) && moved.All(i => before[i] == candidates[0].Channel.Id) && !without.Contains(candidates[0].Channel.Id);

            Guid Home(ulong prefix)
            {
                using var attempt = bench.Take(candidates, prefix);
                return attempt!.Candidate.Channel.Id;
            }
        }).Check(Quick.WithMaxTest(50));

    [Fact]
    public void A_channel_is_never_taken_beyond_its_own_limits() =>
        Prop.ForAll(Arb.From(Gen.Choose(1, 5)), Arb.From(Gen.Choose(1, 12)), (concurrent, perMinute) =>
        {
            using var bench = new RoutingBench();
            Candidate[] candidates = [RoutingBench.CandidateOf(limits: new ChannelLimits { ConcurrentCalls = concurrent, RequestsPerMinute = perMinute })];
            var most = Math.Min(concurrent, perMinute);
            var first = Enumerable.Range(0, most).Select(_ => bench.Take(candidates)).ToArray();
            var tooMany = bench.Take(candidates);
            foreach (var attempt in first) attempt!.Dispose();
            var left = 0;
            while (bench.Take(candidates) is { } attempt)
            {
                attempt.Dispose();
                left++;
            }

            return tooMany is null && left == perMinute - most;
        }).Check(Quick.WithMaxTest(60));

    [Fact]
    public void Tokens_that_a_call_used_beyond_its_estimate_keep_the_channel_closed_until_they_are_earned()
    {
        using var bench = new RoutingBench();
        Candidate[] candidates = [RoutingBench.CandidateOf(limits: new ChannelLimits { TokensPerMinute = 600 })];

        using (var attempt = bench.Take(candidates, tokens: 100)) attempt!.Settle(new(100, 800));

        // 600 − 900 = −300: half a minute to zero.
        Assert.Null(bench.Take(candidates));
        bench.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Null(bench.Take(candidates));
        bench.Clock.Advance(TimeSpan.FromSeconds(1));
        using var again = bench.Take(candidates);
        Assert.NotNull(again);
    }

    [Fact]
    public void The_same_dice_give_the_same_choices()
    {
        var candidates = new[] { RoutingBench.CandidateOf(), RoutingBench.CandidateOf(), RoutingBench.CandidateOf() };

        Assert.Equal(Choices(), Choices());

        Guid[] Choices()
        {
            using var bench = new RoutingBench(seed: 11);
            return [.. Enumerable.Range(0, 50).Select(_ => bench.Take(candidates)!.Candidate.Channel.Id)];
        }
    }
}
