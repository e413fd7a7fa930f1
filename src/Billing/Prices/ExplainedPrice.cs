using System.Text.Json.Serialization;
using Aigc2d.Billing.Ledger;

namespace Aigc2d.Billing.Prices;

/// <summary>A price in force as customers read it.</summary>
internal sealed record ExplainedPrice(
    string Model, DateTimeOffset EffectiveFrom, long PriceVersion, int? ContextTokens, int? MaxOutputTokens, ExplainedRate[] Rates, string MinimumPoints, string Explanation)
{
    public static ExplainedPrice Of(Price price)
    {
        ExplainedRate[] rates = [.. RatesOf(price)];
        return new(
            price.Model, price.EffectiveFrom!.Value, price.Version, price.ContextTokens, price.MaxOutputTokens, rates, ExactDecimal.Points(Micropoints.MinimumCharge), Sentence(rates));
    }

    private static IEnumerable<ExplainedRate> RatesOf(Price price)
    {
        (string Meter, long? Micropoints, int Per, string Words)[] flat =
        [
            ("input_tokens", price.InputMicropointsPer1k, 1000, "1,000 input tokens"),
            ("cached_input_tokens", price.CachedInputMicropointsPer1k, 1000, "1,000 of them read from a cache"),
            ("cache_write_tokens", price.CacheWriteMicropointsPer1k, 1000, "1,000 of them written to a cache"),
            ("audio_input_tokens", price.AudioInputMicropointsPer1k, 1000, "1,000 audio input tokens"),
            ("image_input_tokens", price.ImageInputMicropointsPer1k, 1000, "1,000 image input tokens"),
            ("output_tokens", price.OutputMicropointsPer1k, 1000, "1,000 output tokens"),
            ("reasoning_tokens", price.ReasoningMicropointsPer1k, 1000, "1,000 reasoning tokens"),
            ("audio_output_tokens", price.AudioOutputMicropointsPer1k, 1000, "1,000 audio output tokens"),
            ("image_output_tokens", price.ImageOutputMicropointsPer1k, 1000, "1,000 image output tokens"),
            ("milliseconds", price.MicropointsPerSecond, 1000, "a second"),
            ("characters", price.MicropointsPer1kCharacters, 1000, "1,000 characters"),
        ];
        foreach (var (meter, micropoints, per, words) in flat)
        {
            if (micropoints is { } rate) yield return new(meter, null, per, rate, words);
        }

        foreach (var (size, rate) in price.Images ?? []) yield return new("images", size, 1, rate, $"an image of {size}");
        foreach (var (action, rate) in price.Tasks ?? []) yield return new("tasks", action, 1, rate, $"a task '{action}'");
        if (price.Diffusion is { } formula) yield return new("diffusion", FormulaOf(formula), 1, formula.MicropointsPerUnit, $"each unit of {FormulaOf(formula)}, rounded to {ExactDecimal.Points(formula.RoundToMicropoints)} points,");
    }

    private static string FormulaOf(DiffusionRate rate) => $"({rate.Base} + {rate.PerControlNetUnit} × ControlNet units) × megapixels × steps × images";

    private static string Sentence(ExplainedRate[] rates)
    {
        var parts = rates.Select((rate, i) => $"{rate.Words} {(i == 0 ? "cost" + (rate.Per == 1000 && rate.Meter != "milliseconds" ? "" : "s") + " " : "")}{rate.Points} points ({rate.Cny} CNY)");
        var list = string.Join(", ", parts);
        return $"{char.ToUpperInvariant(list[0])}{list[1..]}; a request costs at least 0.01 points, and your plan's multiplier applies before the sum is rounded up to a millionth of a point.";
    }
}

/// <summary>One rate: micropoints for <paramref name="Per"/> of the meter.</summary>
/// <param name="Of">The image size, the action or the formula; null for what needs no name.</param>
/// <param name="Words">What it is a rate of, within a sentence.</param>
internal sealed record ExplainedRate(string Meter, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Of, int Per, long Micropoints, [property: JsonIgnore] string Words)
{
    public string Points => ExactDecimal.Points(Micropoints);

    public string Cny => ExactDecimal.Cny(Micropoints);
}
