using System.Text.Json;

namespace Aigc2d.ProviderAdapters.Adapters.OpenAi;

/// <summary>Tokens as the provider claims them: raw, because they may be missing, negative, fractional or absurd.</summary>
public readonly record struct ClaimedUsage(decimal? Input, decimal? Output, decimal? Cached)
{
    /// <summary>Reads the usage object that the reader stands at.</summary>
    public static ClaimedUsage Read(ref Utf8JsonReader reader)
    {
        decimal? input = null, output = null, cached = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("prompt_tokens"u8)) input = ReadNumber(ref reader);
            else if (reader.ValueTextEquals("completion_tokens"u8)) output = ReadNumber(ref reader);
            else if (reader.ValueTextEquals("prompt_tokens_details"u8)) cached = ReadCached(ref reader) ?? cached;
            else reader.Skip();
        }

        return new ClaimedUsage(input, output, cached);
    }

    private static decimal? ReadCached(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        decimal? cached = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("cached_tokens"u8)) cached = ReadNumber(ref reader);
            else reader.Skip();
        }

        return cached;
    }

    private static decimal? ReadNumber(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number) return reader.TryGetDecimal(out var number) ? number : decimal.MaxValue;
        reader.Skip();
        return null;
    }
}
