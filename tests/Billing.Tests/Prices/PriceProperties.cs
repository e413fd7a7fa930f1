using System.Numerics;
using Aigc2d.Billing.Prices;
using Aigc2d.Contracts.Billing;
using Aigc2d.Contracts.Providers;
using FsCheck;
using FsCheck.Fluent;

namespace Aigc2d.Billing.Tests.Prices;

/// <summary>Any price of any quantities equals the formula computed in integers without bound.</summary>
public sealed class PriceProperties
{
    private const string Size = "1024x1024";

    [Fact]
    public void A_charge_is_the_formula_in_exact_integers_and_nothing_beyond_the_ledger_is_charged() => ForAll((price, used, ppm) =>
    {
        var expected = BigInteger.Max(10_000, DivideUp(Thousandths(price, used) * ppm, 1_000_000_000));
        try
        {
            return price.ChargeFor(used, ppm) == expected;
        }
        catch (OverflowException)
        {
            return expected > 9_007_199_254_740_991;
        }
    });

    [Fact]
    public void The_lines_of_a_price_add_up_to_it() => ForAll((price, used, ppm) =>
        AppliedRates.Of(price, used).Lines(used).Aggregate(BigInteger.Zero, (sum, line) => sum + line.Thousandths) == Thousandths(price, used));

    [Fact]
    public void Details_that_a_provider_claims_never_exceed_their_total() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Claims().ToArbitrary(), usage =>
    {
        var used = Quantities.Of(usage, null, null);
        return used is { PlainInputTokens: >= 0, PlainOutputTokens: >= 0 }
            && used.CachedInputTokens <= usage.CachedInputTokens && used.CacheWriteTokens <= usage.CacheWriteTokens && used.AudioInputTokens <= usage.AudioInputTokens
            && used.ImageInputTokens <= usage.ImageInputTokens && used.ReasoningTokens <= usage.ReasoningTokens && used.AudioOutputTokens <= usage.AudioOutputTokens
            && used.ImageOutputTokens <= usage.ImageOutputTokens && (used.InputTokens, used.OutputTokens) == (usage.InputTokens, usage.OutputTokens);
    }));

    private static void ForAll(Func<Price, Quantities, int, bool> holds) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Cases().ToArbitrary(), c => holds(c.Price, c.Used, c.Ppm)));

    private static BigInteger Thousandths(Price p, Quantities q)
    {
        var (input, output) = (p.InputMicropointsPer1k ?? 0, p.OutputMicropointsPer1k ?? 0);
        (int Tokens, long Rate)[] details =
        [
            (q.CachedInputTokens, p.CachedInputMicropointsPer1k ?? input),
            (q.CacheWriteTokens, p.CacheWriteMicropointsPer1k ?? input),
            (q.AudioInputTokens, p.AudioInputMicropointsPer1k ?? input),
            (q.ImageInputTokens, p.ImageInputMicropointsPer1k ?? input),
            (q.ReasoningTokens, p.ReasoningMicropointsPer1k ?? output),
            (q.AudioOutputTokens, p.AudioOutputMicropointsPer1k ?? output),
            (q.ImageOutputTokens, p.ImageOutputMicropointsPer1k ?? output),
        ];
        var sum = details.Aggregate(BigInteger.Zero, (total, detail) => total + ((BigInteger)detail.Tokens * detail.Rate));
        sum += (BigInteger)(q.InputTokens - details[..4].Sum(d => d.Tokens)) * input;
        sum += (BigInteger)(q.OutputTokens - details[4..].Sum(d => d.Tokens)) * output;
        sum += (BigInteger)q.Milliseconds * (p.MicropointsPerSecond ?? 0);
        sum += (BigInteger)q.Characters * (p.MicropointsPer1kCharacters ?? 0);
        if (q.Images > 0) sum += (BigInteger)1000 * q.Images * (p.Images?[Size] ?? 0);
        if (q.TaskAction is not null) sum += (BigInteger)1000 * (p.Tasks?["imagine"] ?? 0);
        if (q.Diffusion is { } job && p.Diffusion is { } rate)
        {
            var work = (BigInteger)(rate.Base + (rate.PerControlNetUnit * job.ControlNetUnits)) * job.Width * job.Height * job.Steps * job.Images * rate.MicropointsPerUnit;
            var step = (BigInteger)rate.RoundToMicropoints * 1_000_000;
            sum += 1000 * rate.RoundToMicropoints * ((work / step) + (work % step * 2 >= step ? 1 : 0));
        }

        return sum;
    }

    private static BigInteger DivideUp(BigInteger value, BigInteger by) => (value + by - 1) / by;

    private static Gen<(Price Price, Quantities Used, int Ppm)> Cases() =>
        from rates in Gen.ArrayOf(Rates(), 14)
        from isTokens in Gen.Frequency((3, Gen.Constant(true)), (1, Gen.Constant(false)))
        from roundTo in Gen.Elements(1L, 10_000, 1_000_000)
        from claims in Claims()
        from milliseconds in Gen.Choose(0, 100_000)
        from characters in Gen.Choose(0, 1_000_000)
        from images in Gen.Choose(0, 10)
        from kind in Gen.Choose(0, 5)
        from pixels in Gen.Choose(1, 4_096)
        from units in Gen.Choose(0, 3)
        from ppm in Gen.Elements(0, 1, 500_000, 1_000_000, 1_234_567, 1_000_000_000)
        select (PriceOf(rates, isTokens, roundTo), Quantities.Of(claims, null, null) with
        {
            Milliseconds = milliseconds,
            Characters = characters,
            Images = images,
            ImageSize = images > 0 ? Size : null,
            TaskAction = kind == 4 ? "imagine" : null,
            Diffusion = kind == 5 ? new DiffusionJob { Width = pixels, Height = 4_097 - pixels, Steps = 1 + units, Images = 1 + (images % 4), ControlNetUnits = units } : null,
        }, ppm);

    private static Price PriceOf(long?[] rates, bool isTokens, long roundTo) => new()
    {
        Version = 1,
        Model = "m",
        EffectiveFrom = DateTimeOffset.UnixEpoch,
        InputMicropointsPer1k = isTokens ? rates[0] ?? 6_000_000 : null,
        OutputMicropointsPer1k = isTokens ? rates[1] ?? 8_000_000 : null,
        CachedInputMicropointsPer1k = rates[2],
        CacheWriteMicropointsPer1k = rates[3],
        AudioInputMicropointsPer1k = rates[4],
        ImageInputMicropointsPer1k = rates[5],
        ReasoningMicropointsPer1k = rates[6],
        AudioOutputMicropointsPer1k = rates[7],
        ImageOutputMicropointsPer1k = rates[8],
        MicropointsPerSecond = rates[9],
        MicropointsPer1kCharacters = rates[10],
        Images = rates[11] is { } image ? new() { [Size] = image } : null,
        Tasks = rates[12] is { } task ? new() { ["imagine"] = task } : null,
        Diffusion = rates[13] is { } unit ? new() { Base = 5, PerControlNetUnit = 6, MicropointsPerUnit = unit, RoundToMicropoints = roundTo } : null,
    };

    private static Gen<long?> Rates() => Gen.Frequency(
        (1, Gen.Constant((long?)null)),
        (3, Gen.Choose(0, 100_000_000).Select(rate => (long?)rate)),
        (1, Gen.Choose(0, 1_000).Select(rate => (long?)rate * 1_000_000_000)));

    private static Gen<UsageRecorded> Claims() =>
        from counts in Gen.ArrayOf(Gen.Frequency((1, Gen.Constant(0)), (3, Gen.Choose(0, 5_000)), (1, Gen.Choose(0, int.MaxValue))), 9)
        select new UsageRecorded
        {
            RequestId = Guid.Empty,
            AccountId = Guid.Empty,
            KeyId = Guid.Empty,
            Model = "m",
            EndCause = EndCause.Completed,
            EndedAt = DateTimeOffset.UnixEpoch,
            InputTokens = counts[0],
            OutputTokens = counts[1],
            CachedInputTokens = counts[2],
            CacheWriteTokens = counts[3],
            AudioInputTokens = counts[4],
            ImageInputTokens = counts[5],
            ReasoningTokens = counts[6],
            AudioOutputTokens = counts[7],
            ImageOutputTokens = counts[8],
        };
}
