using System.Text.Json.Serialization;
using Aigc2d.Billing.Ledger;
using Aigc2d.Billing.Prices;
using Aigc2d.Billing.Settlements;

namespace Aigc2d.Billing.Charges;

/// <summary>A charge from its lines to its total. Amounts that need not be whole micropoints are decimal text.</summary>
internal sealed record ChargeExplanation
{
    public required Guid RequestId { get; init; }

    public required Guid AccountId { get; init; }

    public required string Model { get; init; }

    public required string EndCause { get; init; }

    public required bool Estimated { get; init; }

    public required DateTimeOffset SettledAt { get; init; }

    public long? PriceVersion { get; init; }

    public required ChargeLine[] Lines { get; init; }

    /// <summary>The sum of the lines.</summary>
    public string SumMicropoints { get; init; } = "0";

    public int MultiplierPpm { get; init; }

    /// <summary>The sum times the plan's multiplier, before it is rounded up.</summary>
    public string MultipliedMicropoints { get; init; } = "0";

    public long RoundedMicropoints { get; init; }

    /// <summary>The share that is charged because the provider billed the customer's own key; absent otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? OwnKeyFeePpm { get; init; }

    /// <summary>The rounded amount times that share, before it is rounded up.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FeeMicropoints { get; init; }

    public long MinimumMicropoints { get; init; }

    /// <summary>The rounded amount, or the fee rounded up, or the minimum if that is more.</summary>
    public required long PriceMicropoints { get; init; }

    /// <summary>plain, shortfall, late, free or no_hold.</summary>
    public required string Rule { get; init; }

    public required string Explanation { get; init; }

    /// <summary>What was charged.</summary>
    public required long TotalMicropoints { get; init; }

    public required string TotalPoints { get; init; }

    public required string TotalCny { get; init; }

    public static ChargeExplanation Of(SettledRequest settled, ChargedEvent charged)
    {
        var used = charged.ToQuantities();
        var lines = charged.Rates.Lines(used).ToArray();
        var sum = lines.Aggregate((Int128)0, (total, line) => total + line.Thousandths);
        var multiplied = sum * charged.MultiplierPpm;
        var rounded = Int128.Min(Micropoints.Max, (multiplied + 999_999_999) / 1_000_000_000);
        var total = -charged.AmountMicropoints;
        var price = charged.OwnKeyFeePpm is { } share ? OwnKeyFee.Of((long)rounded, share) : Math.Max(Micropoints.MinimumCharge, (long)rounded);
        return new()
        {
            RequestId = charged.RequestId,
            AccountId = charged.AccountId,
            Model = charged.Model,
            EndCause = charged.EndCause,
            Estimated = charged.Estimated,
            SettledAt = settled.SettledAt,
            PriceVersion = charged.PriceVersion,
            Lines = [.. lines.Select(line => ChargeLine.From(line, charged))],
            SumMicropoints = ExactDecimal.Of(sum, 3),
            MultiplierPpm = charged.MultiplierPpm,
            MultipliedMicropoints = ExactDecimal.Of(multiplied, 9),
            RoundedMicropoints = (long)rounded,
            OwnKeyFeePpm = charged.OwnKeyFeePpm,
            FeeMicropoints = charged.OwnKeyFeePpm is { } ppm ? ExactDecimal.Of(rounded * ppm, 6) : null,
            MinimumMicropoints = Micropoints.MinimumCharge,
            PriceMicropoints = price,
            Rule = charged.Rule,
            Explanation = charged.OwnKeyFeePpm is null ? Because(charged.Rule, total < price, charged.Estimated) : BecauseOwnKey(total < price),
            TotalMicropoints = total,
            TotalPoints = ExactDecimal.Points(total),
            TotalCny = ExactDecimal.Cny(total),
        };
    }

    /// <summary>A request that cost nothing and so was never announced.</summary>
    public static ChargeExplanation Free(SettledRequest settled) => new()
    {
        RequestId = settled.RequestId,
        AccountId = settled.AccountId,
        Model = settled.Model,
        EndCause = settled.EndCause,
        Estimated = settled.Estimated,
        SettledAt = settled.SettledAt,
        Lines = [],
        PriceMicropoints = settled.PriceMicropoints,
        Rule = settled.Rule,
        Explanation = settled.Rule switch
        {
            "free" => $"The request ended as {settled.EndCause}, which is free; everything that was held was given back.",
            "late" => "The usage came after the hold had ended, and no points were available: nothing was charged.",
            _ => "Nothing was held for the request, so nothing was charged.",
        },
        TotalMicropoints = 0,
        TotalPoints = "0",
        TotalCny = "0",
    };

    private static string BecauseOwnKey(bool isCut) =>
        "The call went over your own provider key: the provider bills you for it, and we charge the service fee, a share of the price."
        + (isCut ? " It was charged up to the limit for what was held or available, and the rest is not charged." : "");

    private static string Because(string rule, bool isCut, bool isEstimated) => (rule, isCut, isEstimated) switch
    {
        ("plain", false, _) => "The price of what was used, within what was held; the rest of the hold was given back.",
        ("plain", true, _) => "We counted the usage ourselves, so no more than the hold was charged.",
        ("shortfall", false, _) => "More was used than was held; it was charged too.",
        ("shortfall", true, _) => "More was used than was held; it was charged up to the limit for such cases, and the rest is not charged.",
        ("late", false, _) => "The usage came after the hold had ended; it was charged from available points.",
        ("late", true, true) => "The usage came after the hold had ended and was counted by us; it was charged up to what had been held and was available.",
        _ => "The usage came after the hold had ended; it was charged up to the limit and what was available, and the rest is not charged.",
    };
}

/// <summary>One quantity times its rate.</summary>
/// <param name="Of">Which size, action or job; null for what needs no name.</param>
internal sealed record ChargeLine(string Meter, string? Of, long Quantity, long RateMicropoints, int Per, string AmountMicropoints)
{
    public static ChargeLine From(PriceLine line, ChargedEvent charged) =>
        new(line.Meter, NameOf(line.Meter, charged), line.Quantity, line.RateMicropoints, line.Per, ExactDecimal.Of(line.Thousandths, 3));

    private static string? NameOf(string meter, ChargedEvent charged) => meter switch
    {
        "images" => charged.ImageQuality is null ? charged.ImageSize : $"{charged.ImageSize}/{charged.ImageQuality}",
        "tasks" => charged.TaskAction,
        "diffusion" when charged is { Diffusion: { } job, Rates.Diffusion: { } rate } =>
            $"({rate.Base} + {rate.PerControlNetUnit} × {job.ControlNetUnits}) × {ExactDecimal.Of((Int128)job.Width * job.Height, 6)} megapixels × {job.Steps} steps"
            + $" × {job.Images} images × {ExactDecimal.Points(rate.MicropointsPerUnit)} points, rounded to {ExactDecimal.Points(rate.RoundToMicropoints)}",
        _ => null,
    };
}
