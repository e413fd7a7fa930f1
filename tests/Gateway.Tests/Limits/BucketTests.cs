using Aigc2d.Contracts.Accounts;
using Aigc2d.Gateway.Limits;
using Aigc2d.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace Aigc2d.Gateway.Tests.Limits;

public sealed class BucketTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(59)]
    [InlineData(60_001)]
    public void A_full_bucket_gives_exactly_its_limit(int limit)
    {
        var bucket = new MinuteBucket();
        for (var i = 0; i < limit; i++)
        {
            Assert.Equal(TimeSpan.Zero, bucket.WaitFor(1, limit, 0));
            bucket.Take(1, limit, 0);
        }

        Assert.True(bucket.WaitFor(1, limit, 0) > TimeSpan.Zero);
    }

    [Fact]
    public void A_bucket_never_gives_more_than_its_limit_and_what_has_flowed_back() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Arb.From(Sequences), sequence =>
        {
            var bucket = new MinuteBucket();
            var elapsed = TimeSpan.Zero;
            long taken = 0;
            foreach (var (milliseconds, amount) in sequence.Steps)
            {
                elapsed += TimeSpan.FromMilliseconds(milliseconds);
                var now = MinuteBucket.UnitsOf(elapsed);
                var left = bucket.StateOf(sequence.Limit, now).Remaining;
                var fits = bucket.WaitFor(amount, sequence.Limit, now) == TimeSpan.Zero;
                // Shares are rounded down to a tenth of a nanosecond, so one unit may fit that is not shown yet.
                if (fits ? amount > left + 1 : amount <= left) return false;
                if (!fits) continue;

                bucket.Take(amount, sequence.Limit, now);
                taken += amount;
                if (taken > sequence.Limit + Math.Ceiling(sequence.Limit * elapsed.TotalMinutes)) return false;
            }

            return true;
        }));

    [Fact]
    public void What_is_refused_fits_after_the_time_that_was_told() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Arb.From(Gen.Choose(1, 1000).Zip(Gen.Choose(1, 1000))), pair =>
        {
            var (limit, amount) = (pair.Item1, Math.Min(pair.Item1, pair.Item2));
            var bucket = new MinuteBucket();
            bucket.Take(limit, limit, 0);
            var wait = bucket.WaitFor(amount, limit, 0)!.Value;
            return bucket.WaitFor(amount, limit, MinuteBucket.UnitsOf(wait)) == TimeSpan.Zero
                && bucket.WaitFor(amount, limit, MinuteBucket.UnitsOf(wait) - MinuteBucket.UnitsOf(TimeSpan.FromMicroseconds(1))) > TimeSpan.Zero;
        }));

    [Theory]
    [InlineData(0, "0ms")]
    [InlineData(0.2, "1ms")]
    [InlineData(120, "120ms")]
    [InlineData(1000, "1s")]
    [InlineData(1500, "1.5s")]
    [InlineData(59_999, "59.999s")]
    [InlineData(60_000, "1m0s")]
    [InlineData(360_000, "6m0s")]
    [InlineData(3_723_000, "1h2m3s")]
    [InlineData(3_600_000, "1h0m0s")]
    public void Durations_are_spelt_as_OpenAI_spells_them(double milliseconds, string text) => Assert.Equal(text, RateHeaders.Spell(TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public void Accounts_that_have_been_idle_are_forgotten_and_busy_ones_are_not()
    {
        var clock = new TestClock();
        var account = new AccountLimits(clock, clock.GetTimestamp());
        var plan = new PlanLimits { Name = "p", RequestsPerMinute = 10, TokensPerMinute = 10, ConcurrentCalls = 1, MultiplierPpm = 1 };
        Assert.Equal(LimitKind.None, account.TryStart(plan, 1)?.Refused);
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.False(account.TryRetire());
        account.End();
        Assert.True(account.TryRetire());
        Assert.Null(account.TryStart(plan, 1));
    }

    private static Gen<(int Limit, (int Milliseconds, int Amount)[] Steps)> Sequences =>
        from limit in Gen.Choose(1, 2000)
        from steps in Gen.Choose(0, 5000).Zip(Gen.Choose(1, 300)).ArrayOf()
        select (limit, steps.Select(step => (step.Item1, step.Item2)).ToArray());
}
