using Aigc2d.ProviderAdapters.Adapters.OpenAi;

namespace Aigc2d.ProviderAdapters.Usage;

/// <summary>Providers are not trusted with money: what they claim is compared with a cheap estimate of ours and replaced by our own count when it cannot be true.</summary>
public static class UsageCheck
{
    /// <summary>No model's context is larger; the price row that knows the exact one belongs to Billing, which never charges far above the hold.</summary>
    public const int LargestContextTokens = 2_000_000;

    private const int ImplausibleFactor = 3;

    /// <summary>The counts to record, and why the claim was replaced by <paramref name="count"/>; null when it was believed.</summary>
    /// <param name="claim">What the provider says; null when it says nothing.</param>
    /// <param name="estimatedInput">About so many tokens the prompt must have.</param>
    /// <param name="estimatedOutput">About so many tokens the visible output must have.</param>
    /// <param name="count">Our own count, made only when it is needed.</param>
    public static (TokenCounts Tokens, string? Replaced) Decide(ClaimedUsage? claim, int estimatedInput, int estimatedOutput, Func<TokenCounts> count)
    {
        var reason = claim switch
        {
            null => "missing",
            { Input: null } or { Output: null } => "missing",
            { } c => Doubt(c.Input!.Value, estimatedInput) ?? Doubt(c.Output!.Value, estimatedOutput),
        };
        if (reason is not null) return (count(), reason);

        var output = (int)claim!.Value.Output!.Value;
        var reasoning = Part(claim.Value.Reasoning, output);
        var tokens = InputOf(claim.Value) with { Output = output, Reasoning = reasoning, AudioOutput = Part(claim.Value.AudioOutput, output - reasoning) };
        return (tokens, null);
    }

    /// <summary>The input that a provider has told before its answer ended, with no output; null when it has not, or cannot be believed.</summary>
    public static TokenCounts? BelievedInput(ClaimedUsage? claim, int estimatedInput) =>
        claim is { Input: { } input } && Doubt(input, estimatedInput) is null ? InputOf(claim.Value) : null;

    private static TokenCounts InputOf(ClaimedUsage claim)
    {
        var input = (int)claim.Input!.Value;
        var cached = Part(claim.Cached ?? 0, input);
        var written = Part(claim.CacheWrite, input - cached);
        return new TokenCounts(input, 0, cached) { CacheWrite = written, AudioInput = Part(claim.AudioInput, input - cached - written) };
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
