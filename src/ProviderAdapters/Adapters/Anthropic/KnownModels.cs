namespace Aigc2d.ProviderAdapters.Adapters.Anthropic;

/// <summary>What a model can do, as far as a request depends on it.</summary>
internal readonly record struct ModelFacts(int MaxOutputTokens, SamplingRule Sampling, ThinkingRule Thinking, bool ThinksByDefault, bool TakesPrefill = false);

/// <summary>Finds the facts of a model: the operator's word goes before the table here, a longer beginning of its name before a shorter one.</summary>
internal sealed class KnownModels(IEnumerable<AnthropicModel> configured)
{
    private const string Family = "claude-";

    /// <summary>Anthropic's documentation of its models; names and limits change several times a year, so that operators may say otherwise.</summary>
    private static readonly AnthropicModel[] Table =
    [
        // Other providers' models behind the same format.
        Row("", 4_096, SamplingRule.All, ThinkingRule.None, takesPrefill: true),
        // Models that are newer than this table: as the newest in it.
        Row(Family, 32_000, SamplingRule.None, ThinkingRule.Effort, takesPrefill: false),
        Row("claude-instant-", 4_096, SamplingRule.All, ThinkingRule.None, takesPrefill: true),
        Row("claude-2", 4_096, SamplingRule.All, ThinkingRule.None, takesPrefill: true),
        Row("claude-3-", 4_096, SamplingRule.All, ThinkingRule.None, takesPrefill: true),
        Row("claude-3-5-", 8_192, SamplingRule.All, ThinkingRule.None),
        Row("claude-3-7-", 64_000, SamplingRule.All, ThinkingRule.Budget),
        Row("claude-opus-4", 32_000, SamplingRule.One, ThinkingRule.Budget, takesPrefill: true),
        Row("claude-sonnet-4", 64_000, SamplingRule.One, ThinkingRule.Budget, takesPrefill: true),
        Row("claude-haiku-4", 64_000, SamplingRule.One, ThinkingRule.Budget, takesPrefill: true),
        Row("claude-opus-4-5", 64_000, SamplingRule.One, ThinkingRule.Budget),
        Row("claude-opus-4-6", 128_000, SamplingRule.One, ThinkingRule.Effort, takesPrefill: false),
        Row("claude-sonnet-4-6", 64_000, SamplingRule.One, ThinkingRule.Effort, takesPrefill: false),
        Row("claude-opus-4-7", 128_000, SamplingRule.None, ThinkingRule.Effort, takesPrefill: false),
        Row("claude-opus-4-8", 128_000, SamplingRule.None, ThinkingRule.Effort, takesPrefill: false),
        Row("claude-opus-5", 128_000, SamplingRule.None, ThinkingRule.Effort, thinksByDefault: true),
    ];

    private readonly AnthropicModel[] _rows = [.. Table.OrderBy(row => row.Name.Length), .. configured.OrderBy(row => row.Name.Length)];

    public ModelFacts Find(string upstream)
    {
        var start = upstream.IndexOf(Family, StringComparison.Ordinal);
        var plain = start > 0 ? upstream[start..] : upstream;
        var facts = default(ModelFacts);
        foreach (var row in _rows)
        {
            if (!plain.StartsWith(row.Name, StringComparison.Ordinal) && !upstream.StartsWith(row.Name, StringComparison.Ordinal)) continue;
            facts = new ModelFacts(
                row.MaxOutputTokens ?? facts.MaxOutputTokens,
                row.Sampling ?? facts.Sampling,
                row.Thinking ?? facts.Thinking,
                row.ThinksByDefault ?? facts.ThinksByDefault,
                row.TakesPrefill ?? facts.TakesPrefill);
        }

        return facts;
    }

    private static AnthropicModel Row(string name, int maxOutputTokens, SamplingRule sampling, ThinkingRule thinking, bool thinksByDefault = false, bool? takesPrefill = null) =>
        new() { Name = name, MaxOutputTokens = maxOutputTokens, Sampling = sampling, Thinking = thinking, ThinksByDefault = thinksByDefault, TakesPrefill = takesPrefill };
}
