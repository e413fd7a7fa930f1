using Aigc2d.Billing.Prices;
using Aigc2d.Contracts.Billing;
using Aigc2d.Contracts.Providers;

namespace Aigc2d.Billing.Tests.Prices;

/// <summary>The published figures, and each kind of rate.</summary>
public sealed class PriceKindTests
{
    private const int Ppm = 1_000_000;

    private static readonly Price Empty = new() { Version = 1, Model = "m", EffectiveFrom = DateTimeOffset.UnixEpoch };

    private static readonly Price Everything = Empty with
    {
        InputMicropointsPer1k = 6_000_000,
        OutputMicropointsPer1k = 8_000_000,
        CachedInputMicropointsPer1k = 3_000_000,
        CacheWriteMicropointsPer1k = 7_500_000,
        AudioInputMicropointsPer1k = 60_000_000,
        ImageInputMicropointsPer1k = 9_000_000,
        ReasoningMicropointsPer1k = 16_000_000,
        AudioOutputMicropointsPer1k = 80_000_000,
        ImageOutputMicropointsPer1k = 40_000_000,
        ContextTokens = 100_000,
        MaxOutputTokens = 100_000,
        MicropointsPerSecond = 150_000,
        MicropointsPer1kCharacters = 15_000_000,
        Images = new() { ["1024x1024"] = 40_000_000, ["1024x1024/hd"] = 80_000_000 },
        Tasks = new() { ["imagine"] = 100_000_000 },
        Diffusion = PriceDesk.Diffusion,
    };

    [Theory]
    [InlineData(6_000_000, 8_000_000, 1000, 1000, 14_000_000)]
    [InlineData(12_000_000, 16_000_000, 1000, 1000, 28_000_000)]
    [InlineData(120_000_000, 240_000_000, 1000, 1000, 360_000_000)]
    [InlineData(120_000_000, 240_000_000, 1, 1, 360_000)]
    [InlineData(10_000, 10_000, 1000, 0, 10_000)]
    [InlineData(10_000, 10_000, 8191, 0, 81_910)]
    public void The_published_token_prices_are_charged(long inputRate, long outputRate, int input, int output, long expected) =>
        Assert.Equal(expected, (Empty with { InputMicropointsPer1k = inputRate, OutputMicropointsPer1k = outputRate }).ChargeFor(new() { InputTokens = input, OutputTokens = output }, Ppm));

    [Theory]
    [InlineData(768, 768, 20, 1, 1, 5, 52)]
    [InlineData(512, 512, 20, 1, 0, 5, 10)]
    [InlineData(1024, 1024, 30, 4, 3, 5, 1158)]
    [InlineData(2048, 2048, 1, 1, 0, 2, 3)]
    [InlineData(500, 500, 1, 1, 0, 5, 1)]
    [InlineData(500, 499, 1, 1, 0, 5, 0)]
    [InlineData(16_384, 16_384, 1000, 128, 3, 5, 316_109_593)]
    public void Stable_Diffusion_costs_what_its_formula_says_rounded_half_up(int width, int height, int steps, int images, int units, int @base, long points) =>
        Assert.Equal(points * 1_000_000, (PriceDesk.Diffusion with { Base = @base }).MicropointsOf(new() { Width = width, Height = height, Steps = steps, Images = images, ControlNetUnits = units }));

    [Theory]
    [InlineData("input", 6_000_000)]
    [InlineData("cached", 3_000_000)]
    [InlineData("cacheWrite", 7_500_000)]
    [InlineData("audioIn", 60_000_000)]
    [InlineData("imageIn", 9_000_000)]
    [InlineData("output", 8_000_000)]
    [InlineData("reasoning", 16_000_000)]
    [InlineData("audioOut", 80_000_000)]
    [InlineData("imageOut", 40_000_000)]
    [InlineData("second", 150_000)]
    [InlineData("characters", 15_000_000)]
    [InlineData("image", 40_000_000)]
    [InlineData("imageHd", 80_000_000)]
    [InlineData("imageOtherQuality", 40_000_000)]
    [InlineData("task", 100_000_000)]
    [InlineData("diffusion", 52_000_000)]
    public void Each_kind_costs_its_own_rate(string kind, long expected) => Assert.Equal(expected, Everything.ChargeFor(AThousandOf(kind), Ppm));

    [Theory]
    [InlineData("cached", 6_000_000)]
    [InlineData("cacheWrite", 6_000_000)]
    [InlineData("audioIn", 6_000_000)]
    [InlineData("imageIn", 6_000_000)]
    [InlineData("reasoning", 8_000_000)]
    [InlineData("audioOut", 8_000_000)]
    [InlineData("imageOut", 8_000_000)]
    public void A_detail_without_a_rate_costs_what_its_parent_costs(string kind, long expected) =>
        Assert.Equal(expected, (Empty with { InputMicropointsPer1k = 6_000_000, OutputMicropointsPer1k = 8_000_000 }).ChargeFor(AThousandOf(kind), Ppm));

    [Fact]
    public void Details_are_parts_of_their_totals_and_cut_in_one_order()
    {
        var usage = Usage() with
        {
            InputTokens = 100,
            OutputTokens = 50,
            CachedInputTokens = 60,
            CacheWriteTokens = 30,
            AudioInputTokens = 20,
            ImageInputTokens = 20,
            ReasoningTokens = 40,
            AudioOutputTokens = 40,
            ImageOutputTokens = 1,
        };

        Assert.Equal(
            new Quantities { InputTokens = 100, OutputTokens = 50, CachedInputTokens = 60, CacheWriteTokens = 30, AudioInputTokens = 10, ReasoningTokens = 40, AudioOutputTokens = 10 },
            Quantities.Of(usage, null, null));
    }

    [Fact]
    public void An_ordinary_chat_has_nothing_to_note_beside_its_tokens()
    {
        Assert.Null(Quantities.Of(Usage() with { InputTokens = 100, OutputTokens = 50, CachedInputTokens = 60 }, null, Everything).ToColumn());
        Assert.Equal("""{"reasoningTokens":40}""", Quantities.Of(Usage() with { OutputTokens = 50, ReasoningTokens = 40 }, null, Everything).ToColumn());
    }

    [Fact]
    public void Absurd_usage_costs_the_most_there_is_and_never_wraps()
    {
        var absurd = new Quantities { InputTokens = int.MaxValue, Characters = 1_000_000_000_000 };

        Assert.Throws<OverflowException>(() => (Everything with { InputMicropointsPer1k = 1_000_000_000_000 }).ChargeFor(absurd, 1_000_000_000));
        Assert.Equal(9_007_199_254_740_991, (Everything with { InputMicropointsPer1k = 1_000_000_000_000 }).ChargeAtMostFor(absurd, 1_000_000_000));
        Assert.Equal(9_007_199_254_740_991, Everything.ChargeAtMostFor(new() { Characters = long.MaxValue }, 1_000_000_000));
    }

    private static Quantities AThousandOf(string kind) => kind switch
    {
        "input" => new() { InputTokens = 1000 },
        "cached" => new() { InputTokens = 1000, CachedInputTokens = 1000 },
        "cacheWrite" => new() { InputTokens = 1000, CacheWriteTokens = 1000 },
        "audioIn" => new() { InputTokens = 1000, AudioInputTokens = 1000 },
        "imageIn" => new() { InputTokens = 1000, ImageInputTokens = 1000 },
        "output" => new() { OutputTokens = 1000 },
        "reasoning" => new() { OutputTokens = 1000, ReasoningTokens = 1000 },
        "audioOut" => new() { OutputTokens = 1000, AudioOutputTokens = 1000 },
        "imageOut" => new() { OutputTokens = 1000, ImageOutputTokens = 1000 },
        "second" => new() { Milliseconds = 1000 },
        "characters" => new() { Characters = 1000 },
        "image" => new() { Images = 1, ImageSize = "1024x1024" },
        "imageHd" => new() { Images = 1, ImageSize = "1024x1024", ImageQuality = "hd" },
        "imageOtherQuality" => new() { Images = 1, ImageSize = "1024x1024", ImageQuality = "low" },
        "task" => new() { TaskAction = "imagine" },
        _ => new() { Diffusion = new DiffusionJob { Width = 768, Height = 768, Steps = 20, ControlNetUnits = 1 } },
    };

    private static UsageRecorded Usage() => new()
    {
        RequestId = Guid.Empty,
        AccountId = Guid.Empty,
        KeyId = Guid.Empty,
        Model = "m",
        EndCause = EndCause.Completed,
        InputTokens = 0,
        OutputTokens = 0,
        EndedAt = DateTimeOffset.UnixEpoch,
    };
}
