using Aigc2d.ProviderAdapters.Adapters.OpenAi;

namespace Aigc2d.ProviderAdapters.Usage;

/// <summary>Providers are not trusted with money: what they claim is compared with our own count and replaced by it when it cannot be true.</summary>
public static class UsageCheck
{
    /// <summary>No model's context is larger; the price row that knows the exact one belongs to Billing, which never charges far above the hold.</summary>
    public const int LargestContextTokens = 2_000_000;

    private const int ImplausibleFactor = 3;

    /// <summary>The counts to record, and why the claim was replaced; null when it was believed.</summary>
    public static (TokenCounts Tokens, string? Replaced) Decide(ClaimedUsage? claim, int countedInput, int countedOutput)
    {
        var reason = claim switch
        {
            null => "missing",
            { Input: null } or { Output: null } => "missing",
            { } c => Doubt(c.Input!.Value, countedInput) ?? Doubt(c.Output!.Value, countedOutput),
        };
        if (reason is not null) return (new TokenCounts(countedInput, countedOutput, 0, Estimated: true), reason);

        var (input, output) = ((int)claim!.Value.Input!.Value, (int)claim.Value.Output!.Value);
        var cached = Part(claim.Value.Cached ?? 0, input);
        var reasoning = Part(claim.Value.Reasoning, output);
        var tokens = new TokenCounts(input, output, cached)
        {
            AudioInput = Part(claim.Value.AudioInput, input - cached),
            Reasoning = reasoning,
            AudioOutput = Part(claim.Value.AudioOutput, output - reasoning),
        };
        return (tokens, null);
    }

    private static int Part(decimal claimed, int most) => (int)Math.Clamp(decimal.Truncate(claimed), 0, most);

    /// <summary>Hidden thinking makes honest output many times what we can count, so a large number alone is no lie; beyond any context it is.</summary>
    private static string? Doubt(decimal claimed, int counted) => claimed switch
    {
        < 0 => "negative",
        _ when decimal.Truncate(claimed) != claimed => "fractional",
        0 when counted > 0 => "zero",
        > LargestContextTokens when claimed > (decimal)counted * ImplausibleFactor => "absurd",
        > int.MaxValue => "absurd",
        _ => null,
    };
}
