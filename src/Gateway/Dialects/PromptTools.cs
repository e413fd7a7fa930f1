using System.Text.Json;
using Aigc2d.ServiceDefaults.Tokens;

namespace Aigc2d.Gateway.Dialects;

/// <summary>The definitions of tools in a prompt: small ones are kept until their tokens can be counted as the model's provider does.</summary>
internal sealed class PromptTools
{
    private const int LargestKeptBytes = 64 * 1024;
    private readonly List<JsonTexts> _definitions = [];
    private readonly List<byte[]> _arrays = [];
    private int _keptBytes;

    /// <param name="array">The array as it came, which is valid JSON.</param>
    /// <param name="definitions">What its elements say.</param>
    public void Add(ReadOnlySpan<byte> array, List<JsonTexts> definitions)
    {
        _definitions.AddRange(definitions);
        _keptBytes = (int)Math.Min(int.MaxValue, (long)_keptBytes + array.Length);
        if (_keptBytes <= LargestKeptBytes) _arrays.Add(array.ToArray());
    }

    /// <summary>
    /// The recipe where it is the provider's own, but never less than the texts alone: the recipe knows properties and items, and a schema may have its
    /// text elsewhere. Else the JSON as it is, with the hidden prompt that some models add for it.
    /// </summary>
    public long Count(TokenCounter counter)
    {
        if (_definitions.Count == 0) return 0;

        var texts = SampledTokens.Count([.. _definitions.Select(definition => definition.Text)], counter, Random.Shared) + _definitions.Sum(definition => definition.ValueTokens);
        return counter.IsExact && _keptBytes <= LargestKeptBytes
            ? Math.Max(texts, _arrays.Sum(array => OfRecipe(array, counter)))
            : texts + _definitions.Sum(definition => definition.WordTokens) + ToolTokens.HiddenPrompt(counter);
    }

    private static long OfRecipe(byte[] array, TokenCounter counter)
    {
        using var json = JsonDocument.Parse(array, new JsonDocumentOptions { MaxDepth = JsonWalker.DeepestLevel });
        return ToolTokens.Count(json.RootElement, counter);
    }
}
