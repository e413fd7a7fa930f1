using System.Text.Json.Serialization;
using Aigc2d.Billing.Ledger;

namespace Aigc2d.Billing.Prices;

/// <summary>
/// The rates that one charge was computed with, as its event carries them. Micropoints, per 1,000 tokens or characters, per second, image or task;
/// a detail without a rate of its own costs what its parent costs.
/// </summary>
internal sealed record AppliedRates
{
    public required long Input { get; init; }

    public required long Output { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? CachedInput { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? CacheWrite { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? AudioInput { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? ImageInput { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Reasoning { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? AudioOutput { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? ImageOutput { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Second { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Characters { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Image { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Task { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DiffusionRate? Diffusion { get; init; }

    /// <summary>The rates of a row that these quantities need; 0 for tokens of a model that is not paid by tokens.</summary>
    public static AppliedRates Of(Price price, Quantities used) => new()
    {
        Input = price.InputMicropointsPer1k ?? 0,
        Output = price.OutputMicropointsPer1k ?? 0,
        CachedInput = price.CachedInputMicropointsPer1k,
        CacheWrite = used.CacheWriteTokens > 0 ? price.CacheWriteMicropointsPer1k : null,
        AudioInput = used.AudioInputTokens > 0 ? price.AudioInputMicropointsPer1k : null,
        ImageInput = used.ImageInputTokens > 0 ? price.ImageInputMicropointsPer1k : null,
        Reasoning = used.ReasoningTokens > 0 ? price.ReasoningMicropointsPer1k : null,
        AudioOutput = used.AudioOutputTokens > 0 ? price.AudioOutputMicropointsPer1k : null,
        ImageOutput = used.ImageOutputTokens > 0 ? price.ImageOutputMicropointsPer1k : null,
        Second = used.Milliseconds > 0 ? price.MicropointsPerSecond : null,
        Characters = used.Characters > 0 ? price.MicropointsPer1kCharacters : null,
        Image = used.Images > 0 ? price.ImageRate(used.ImageSize, used.ImageQuality) : null,
        Task = used.TaskAction is null ? null : price.Tasks?.GetValueOrDefault(used.TaskAction),
        Diffusion = used.Diffusion is null ? null : price.Diffusion,
    };

    /// <summary>max(10,000, ⌈Σ lines × ppm ∕ 10⁹⌉).</summary>
    /// <exception cref="OverflowException">Not even 128 bits carry it.</exception>
    public Int128 PriceOf(Quantities used, int multiplierPpm)
    {
        Int128 sum = 0;
        foreach (var line in Lines(used)) sum = checked(sum + line.Thousandths);
        return Int128.Max(Micropoints.MinimumCharge, (checked(sum * multiplierPpm) + 999_999_999) / 1_000_000_000);
    }

    /// <summary>What each quantity costs by itself, before multiplier and rounding; quantities of 0 have no line.</summary>
    public IEnumerable<PriceLine> Lines(Quantities used)
    {
        if (used.PlainInputTokens > 0) yield return new("input_tokens", used.PlainInputTokens, Input, 1000);
        if (used.CachedInputTokens > 0) yield return new("cached_input_tokens", used.CachedInputTokens, CachedInput ?? Input, 1000);
        if (used.CacheWriteTokens > 0) yield return new("cache_write_tokens", used.CacheWriteTokens, CacheWrite ?? Input, 1000);
        if (used.AudioInputTokens > 0) yield return new("audio_input_tokens", used.AudioInputTokens, AudioInput ?? Input, 1000);
        if (used.ImageInputTokens > 0) yield return new("image_input_tokens", used.ImageInputTokens, ImageInput ?? Input, 1000);
        if (used.PlainOutputTokens > 0) yield return new("output_tokens", used.PlainOutputTokens, Output, 1000);
        if (used.ReasoningTokens > 0) yield return new("reasoning_tokens", used.ReasoningTokens, Reasoning ?? Output, 1000);
        if (used.AudioOutputTokens > 0) yield return new("audio_output_tokens", used.AudioOutputTokens, AudioOutput ?? Output, 1000);
        if (used.ImageOutputTokens > 0) yield return new("image_output_tokens", used.ImageOutputTokens, ImageOutput ?? Output, 1000);
        if (used.Milliseconds > 0) yield return new("milliseconds", used.Milliseconds, Second ?? 0, 1000);
        if (used.Characters > 0) yield return new("characters", used.Characters, Characters ?? 0, 1000);
        if (used.Images > 0) yield return new("images", used.Images, Image ?? 0, 1);
        if (used.TaskAction is not null) yield return new("tasks", 1, Task ?? 0, 1);
        if (used.Diffusion is { } job) yield return new("diffusion", 1, Diffusion?.MicropointsOf(job) ?? 0, 1);
    }
}

/// <summary>One line of a price.</summary>
/// <param name="Meter">What was counted, for example <c>input_tokens</c>.</param>
/// <param name="RateMicropoints">Micropoints for <paramref name="Per"/> of it.</param>
/// <param name="Per">1 or 1,000.</param>
internal readonly record struct PriceLine(string Meter, long Quantity, long RateMicropoints, int Per)
{
    /// <summary>The amount in thousandths of a micropoint: always whole.</summary>
    public Int128 Thousandths => checked((Int128)Quantity * RateMicropoints * (1000 / Per));
}
