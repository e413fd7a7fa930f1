using System.Text.Json;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;

namespace Aigc2d.ProviderAdapters.Adapters.Anthropic;

/// <summary>
/// What a message is said to have used so far. Each mention replaces the one before, member by member. What the start of a stream says of the
/// output is no claim: the answer has not been written yet.
/// </summary>
internal struct MessageUsage
{
    private decimal? _uncached;
    private decimal? _cacheWrite;
    private decimal? _cacheRead;
    private decimal? _output;
    private decimal? _thinking;

    /// <summary>Reads the usage object that the reader stands at.</summary>
    public void Read(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("input_tokens"u8)) _uncached = ClaimedUsage.ReadNumber(ref reader) ?? _uncached;
            else if (reader.ValueTextEquals("cache_creation_input_tokens"u8)) _cacheWrite = ClaimedUsage.ReadNumber(ref reader) ?? _cacheWrite;
            else if (reader.ValueTextEquals("cache_read_input_tokens"u8)) _cacheRead = ClaimedUsage.ReadNumber(ref reader) ?? _cacheRead;
            else if (reader.ValueTextEquals("output_tokens"u8)) _output = ClaimedUsage.ReadNumber(ref reader) ?? _output;
            else if (reader.ValueTextEquals("output_tokens_details"u8)) ReadDetails(ref reader);
            else reader.Skip();
        }
    }

    public void ForgetOutput() => (_output, _thinking) = (null, null);

    /// <summary>In OpenAI's arithmetic, where the input includes what the cache had and what was written to it.</summary>
    public readonly ClaimedUsage Claim() => new(Sum(_uncached, _cacheWrite, _cacheRead), _output, _cacheRead) { CacheWrite = _cacheWrite ?? 0, Reasoning = _thinking ?? 0 };

    /// <summary>A part that cannot be true must not be hidden by the others: it stands for the sum.</summary>
    private static decimal? Sum(decimal? uncached, decimal? cacheWrite, decimal? cacheRead)
    {
        if (uncached is not { } first) return null;
        var sum = 0m;
        foreach (var part in (ReadOnlySpan<decimal>)[first, cacheWrite ?? 0, cacheRead ?? 0])
        {
            if (part < 0 || part > long.MaxValue || decimal.Truncate(part) != part) return part;
            sum += part;
        }

        return sum;
    }

    private void ReadDetails(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("thinking_tokens"u8)) _thinking = ClaimedUsage.ReadNumber(ref reader) ?? _thinking;
            else reader.Skip();
        }
    }
}
