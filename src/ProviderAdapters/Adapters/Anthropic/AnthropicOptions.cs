using Microsoft.Extensions.Options;

namespace Aigc2d.ProviderAdapters.Adapters.Anthropic;

/// <summary>How Anthropic is asked (section <c>Anthropic</c>).</summary>
public sealed class AnthropicOptions
{
    public const string Section = "Anthropic";

    /// <summary>The version of the API, as its header says it.</summary>
    public string Version { get; set; } = "2023-06-01";

    /// <summary>Beta features to ask for, separated by commas; none when empty.</summary>
    public string Betas { get; set; } = "";

    /// <summary>What is known of models beyond <see cref="KnownModels"/>, or other than it says.</summary>
    public IList<AnthropicModel> Models { get; } = [];
}

/// <summary>What is known of the models whose names begin alike; what is not given is taken from the next shorter beginning.</summary>
public sealed class AnthropicModel
{
    /// <summary>What the names begin with, for example <c>claude-opus-4-7</c>.</summary>
    public string Name { get; set; } = "";

    /// <summary>The most that one answer may have, tokens. Asked for when the client sets no limit.</summary>
    public int? MaxOutputTokens { get; set; }

    public SamplingRule? Sampling { get; set; }

    public ThinkingRule? Thinking { get; set; }

    /// <summary>Whether the model thinks unless told not to.</summary>
    public bool? ThinksByDefault { get; set; }

    /// <summary>Whether the model goes on with an answer that the last message begins.</summary>
    public bool? TakesPrefill { get; set; }
}

/// <summary>Which of temperature, top_p and top_k a model takes.</summary>
public enum SamplingRule
{
    /// <summary>All of them, together.</summary>
    All,

    /// <summary>Temperature or top_p, not both.</summary>
    One,

    /// <summary>None: it answers others than the defaults with an error.</summary>
    None,
}

/// <summary>How a model is told to think.</summary>
public enum ThinkingRule
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>By a budget of tokens.</summary>
    Budget,

    /// <summary>By an effort; it finds the budget itself.</summary>
    Effort,
}

/// <summary>Refuses facts that make no sense before the service starts.</summary>
public sealed class ValidateAnthropicOptions : IValidateOptions<AnthropicOptions>
{
    public ValidateOptionsResult Validate(string? name, AnthropicOptions options)
    {
        var faults = new List<string>();
        if (!IsHeaderValue(options.Version) || options.Version.Length == 0) faults.Add($"{AnthropicOptions.Section}:{nameof(options.Version)} must be a version such as 2023-06-01.");
        if (!IsHeaderValue(options.Betas)) faults.Add($"{AnthropicOptions.Section}:{nameof(options.Betas)} must be names separated by commas.");
        for (var i = 0; i < options.Models.Count; i++)
        {
            var path = $"{AnthropicOptions.Section}:{nameof(options.Models)}:{i}";
            if (options.Models[i].Name.Length == 0) faults.Add($"{path}:{nameof(AnthropicModel.Name)} must be what the models' names begin with.");
            if (options.Models[i].MaxOutputTokens < 1) faults.Add($"{path}:{nameof(AnthropicModel.MaxOutputTokens)} must be at least 1.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static bool IsHeaderValue(string value) => value.All(c => c is > ' ' and < '\u007f');
}
