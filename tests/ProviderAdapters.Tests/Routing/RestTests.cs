using System.Net;
using Aigc2d.ProviderAdapters.Health;
using Aigc2d.ProviderAdapters.Routing;
using Aigc2d.TestKit;
using Microsoft.Extensions.Options;
using Polly.CircuitBreaker;

namespace Aigc2d.ProviderAdapters.Tests.Routing;

/// <summary>When a channel is left alone, for how long, and what ends it.</summary>
public sealed class RestTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("120ms", 0.12)]
    [InlineData("1s", 1.0)]
    [InlineData("1.5s", 1.5)]
    [InlineData("6m0s", 360.0)]
    [InlineData("1h2m3s", 3723.0)]
    [InlineData("1d", 86400.0)]
    [InlineData("30", 30.0)]
    [InlineData("2026-01-01T00:00:45Z", 45.0)]
    [InlineData("", null)]
    [InlineData("soon", null)]
    [InlineData("-5s", null)]
    [InlineData("99999999999999999999s", null)]
    public void A_reset_is_a_span_or_a_time(string text, double? seconds) =>
        Assert.Equal(seconds is { } known ? Now.AddSeconds(known) : null, RateLimitHeaders.ReadReset(text, Now));

    [Fact]
    public void Every_familys_limits_are_read()
    {
        using var response = new HttpResponseMessage();
        Add("x-ratelimit-limit-requests", "500");
        Add("x-ratelimit-remaining-requests", "499");
        Add("x-ratelimit-reset-requests", "120ms");
        Add("anthropic-ratelimit-input-tokens-remaining", "0");
        Add("anthropic-ratelimit-input-tokens-reset", "2026-01-01T00:01:00Z");
        Add("X-Ratelimit-Remaining-Tokens", "many");
        Add("X-Ratelimit-Remaining-Output-Tokens", "7");

        Assert.Equal(
            [
                new ToldLimit("requests", 499, 500, Now.AddMilliseconds(120)),
                new ToldLimit("input-tokens", 0, null, Now.AddMinutes(1)),
                new ToldLimit("output-tokens", 7, null, null),
            ],
            RateLimitHeaders.Read(response.Headers, Now));

        void Add(string name, string value) => response.Headers.TryAddWithoutValidation(name, value);
    }

    [Fact]
    public void A_wait_is_in_seconds_milliseconds_or_until_a_date()
    {
        Assert.Equal(TimeSpan.FromSeconds(7), Of("Retry-After", "7"));
        Assert.Equal(TimeSpan.FromSeconds(60), Of("Retry-After", "Thu, 01 Jan 2026 00:01:00 GMT"));
        Assert.Equal(TimeSpan.FromMilliseconds(1500), Of("retry-after-ms", "1500"));
        Assert.Null(Of("Retry-After", "0"));
        Assert.Null(Of("Retry-After", "later"));
        Assert.Null(Of("X-Other", "7"));

        static TimeSpan? Of(string name, string value)
        {
            using var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
            response.Headers.TryAddWithoutValidation(name, value);
            return RateLimitHeaders.RetryAfter(response.Headers, Now);
        }
    }

    [Theory]
    [InlineData(nameof(AttemptEnd.Limited), 7, 7)]
    [InlineData(nameof(AttemptEnd.AccountFault), null, 15)]
    [InlineData(nameof(AttemptEnd.AccountFault), 3600, 3600)]
    [InlineData(nameof(AttemptEnd.ModelFault), null, 15)]
    [InlineData(nameof(AttemptEnd.Failed), 9, 9)]
    [InlineData(nameof(AttemptEnd.AccountFault), 900_000, 86_400)]
    public void A_channel_rests_as_long_as_its_provider_asks_and_never_for_ever(string end, int? asked, int seconds)
    {
        using var bench = new RoutingBench();
        var candidates = new[] { RoutingBench.CandidateOf() };

        End(bench, candidates, Enum.Parse<AttemptEnd>(end), asked);

        bench.Clock.Advance(TimeSpan.FromSeconds(seconds - 1));
        Assert.Null(bench.Take(candidates));
        bench.Clock.Advance(TimeSpan.FromSeconds(1));
        using var attempt = bench.Take(candidates);
        Assert.NotNull(attempt);
    }

    [Theory, InlineData(nameof(AttemptEnd.Failed)), InlineData(nameof(AttemptEnd.Unreachable)), InlineData(nameof(AttemptEnd.BrokenOff)), InlineData(nameof(AttemptEnd.TimedOut)), InlineData(nameof(AttemptEnd.Refused)), InlineData(nameof(AttemptEnd.Unspeakable))]
    public void One_plain_error_puts_no_channel_to_rest(string end)
    {
        using var bench = new RoutingBench();
        var candidates = new[] { RoutingBench.CandidateOf() };

        End(bench, candidates, Enum.Parse<AttemptEnd>(end), null);

        using var attempt = bench.Take(candidates);
        Assert.NotNull(attempt);
    }

    [Fact]
    public void A_fault_of_our_account_that_is_repeated_costs_a_longer_rest_and_a_good_answer_wipes_it_out()
    {
        using var bench = new RoutingBench();
        var candidates = new[] { RoutingBench.CandidateOf() };

        Assert.Equal([15, 300, 15], new[] { RestAfterFault(), RestAfterFault(), RestAfterGoodAndFault() });

        double RestAfterFault()
        {
            End(bench, candidates, AttemptEnd.AccountFault, null);
            var rest = bench.Healths.Of(candidates[0].Channel).Rest!.Until - bench.Clock.GetUtcNow();
            bench.Clock.Advance(rest);
            return rest.TotalSeconds;
        }

        double RestAfterGoodAndFault()
        {
            End(bench, candidates, AttemptEnd.Answered, null);
            return RestAfterFault();
        }
    }

    [Fact]
    public void A_model_that_a_channel_cannot_serve_rests_alone()
    {
        using var bench = new RoutingBench();
        var candidate = RoutingBench.CandidateOf();
        var other = candidate with { Model = new("other", "other") };

        End(bench, [candidate], AttemptEnd.ModelFault, null);

        Assert.Null(bench.Take([candidate]));
        using var attempt = bench.Take([other]);
        Assert.NotNull(attempt);
    }

    [Fact]
    public void A_circuit_opens_at_half_of_twenty_lets_one_probe_through_and_closes_when_that_is_well()
    {
        using var bench = new RoutingBench();
        var candidates = new[] { RoutingBench.CandidateOf() };
        var breaker = bench.Healths.Of(candidates[0].Channel).Model(RoutingBench.Model).Breaker;

        for (var i = 0; i < 19; i++) End(bench, candidates, i % 2 == 0 ? AttemptEnd.Failed : AttemptEnd.Answered, null);
        Assert.Equal(CircuitState.Closed, breaker.State);
        End(bench, candidates, AttemptEnd.BrokenOff, null);
        Assert.Equal(CircuitState.Open, breaker.State);

        bench.Clock.Advance(TimeSpan.FromSeconds(14.9));
        Assert.Null(bench.Take(candidates));
        bench.Clock.Advance(TimeSpan.FromSeconds(0.2));
        using (var probe = bench.Take(candidates))
        {
            Assert.Equal((CircuitState.HalfOpen, true), (breaker.State, bench.Take(candidates) is null));
            probe!.BeginWell();
        }

        Assert.Equal(CircuitState.Closed, breaker.State);
    }

    [Theory, InlineData(nameof(AttemptEnd.Failed)), InlineData(nameof(AttemptEnd.Abandoned))]
    public void A_probe_that_fails_or_finds_nothing_out_leaves_the_circuit_open(string end)
    {
        using var bench = new RoutingBench();
        var candidates = new[] { RoutingBench.CandidateOf() };
        var breaker = bench.Healths.Of(candidates[0].Channel).Model(RoutingBench.Model).Breaker;
        for (var i = 0; i < 20; i++) End(bench, candidates, AttemptEnd.Failed, null);

        for (var round = 0; round < 3; round++)
        {
            bench.Clock.Advance(TimeSpan.FromSeconds(15.1));
            End(bench, candidates, Enum.Parse<AttemptEnd>(end), null);
            Assert.Equal(CircuitState.Open, breaker.State);
        }
    }

    [Fact]
    public void Repeats_are_a_share_of_the_calls_with_a_floor_that_comes_back()
    {
        var clock = new TestClock();
        var budget = new RetryBudget(Options.Create(new RoutingOptions { RetryFloor = 3, RetryFloorPerSecond = 1, RetryShare = 0.1 }), clock);

        Assert.Equal(3, Granted());
        for (var i = 0; i < 100; i++) budget.Deposit("openai");
        Assert.InRange(Granted(), 9, 10);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(2, Granted());
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal((3, 3), (Granted(), Granted("anthropic")));

        int Granted(string provider = "openai")
        {
            var granted = 0;
            while (budget.TryTake(provider)) granted++;
            return granted;
        }
    }

    private static void End(RoutingBench bench, Aigc2d.ProviderAdapters.Channels.Candidate[] candidates, AttemptEnd end, int? restSeconds)
    {
        using var attempt = bench.Take(candidates)!;
        attempt.End(end, restSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
    }
}
