using System.Text.Json;

namespace Aigc2d.ProviderAdapters.Adapters.OpenAi;

/// <summary>Tokens as the provider claims them: raw, because they may be missing, negative, fractional or absurd.</summary>
public readonly record struct ClaimedUsage(decimal? Input, decimal? Output, decimal? Cached)
{
    /// <summary>The part of the input that was written to the provider's cache; 0 when nothing is said.</summary>
    public decimal CacheWrite { get; init; }

    /// <summary>The part of the input that was audio; 0 when nothing is said.</summary>
    public decimal AudioInput { get; init; }

    /// <summary>The part of the output that was hidden reasoning; 0 when nothing is said.</summary>
    public decimal Reasoning { get; init; }

    /// <summary>The part of the output that was audio; 0 when nothing is said.</summary>
    public decimal AudioOutput { get; init; }

    /// <summary>Reads the usage object that the reader stands at.</summary>
    public static ClaimedUsage Read(ref Utf8JsonReader reader)
    {
        decimal? input = null, output = null;
        var (ofInput, ofOutput) = (default(Details), default(Details));
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("prompt_tokens"u8)) input = ReadNumber(ref reader);
            else if (reader.ValueTextEquals("completion_tokens"u8)) output = ReadNumber(ref reader);
            else if (reader.ValueTextEquals("prompt_tokens_details"u8)) ofInput = ReadDetails(ref reader) ?? ofInput;
            else if (reader.ValueTextEquals("completion_tokens_details"u8)) ofOutput = ReadDetails(ref reader) ?? ofOutput;
            else reader.Skip();
        }

        return new ClaimedUsage(input, output, ofInput.Cached)
        {
            CacheWrite = ofInput.CacheWrite ?? 0,
            AudioInput = ofInput.Audio ?? 0,
            Reasoning = ofOutput.Reasoning ?? 0,
            AudioOutput = ofOutput.Audio ?? 0,
        };
    }

    private static Details? ReadDetails(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        var details = default(Details);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("cached_tokens"u8)) details = details with { Cached = ReadNumber(ref reader) };
            else if (reader.ValueTextEquals("cache_write_tokens"u8)) details = details with { CacheWrite = ReadNumber(ref reader) };
            else if (reader.ValueTextEquals("audio_tokens"u8)) details = details with { Audio = ReadNumber(ref reader) };
            else if (reader.ValueTextEquals("reasoning_tokens"u8)) details = details with { Reasoning = ReadNumber(ref reader) };
            else reader.Skip();
        }

        return details;
    }

    /// <summary>The number behind the member's name; null when it is none, the largest there is when it is larger.</summary>
    internal static decimal? ReadNumber(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number) return reader.TryGetDecimal(out var number) ? number : decimal.MaxValue;
        reader.Skip();
        return null;
    }

    private readonly record struct Details(decimal? Cached, decimal? CacheWrite, decimal? Audio, decimal? Reasoning);
}
