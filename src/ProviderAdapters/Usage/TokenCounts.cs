namespace Aigc2d.ProviderAdapters.Usage;

/// <summary>The tokens that a call is recorded with.</summary>
/// <param name="Input">Prompt tokens, cached ones included.</param>
/// <param name="Output">Output tokens of all choices.</param>
/// <param name="CachedInput">The part of the prompt that the provider read from its cache.</param>
/// <param name="Estimated">Whether we counted, because the provider gave no or no plausible numbers.</param>
public readonly record struct TokenCounts(int Input, int Output, int CachedInput = 0, bool Estimated = false)
{
    public static readonly TokenCounts None;

    /// <summary>The part of the prompt that the provider wrote to its cache.</summary>
    public int CacheWrite { get; init; }

    /// <summary>The part of the prompt that was audio.</summary>
    public int AudioInput { get; init; }

    /// <summary>The part of the output that was hidden reasoning.</summary>
    public int Reasoning { get; init; }

    /// <summary>The part of the output that was audio.</summary>
    public int AudioOutput { get; init; }
}
