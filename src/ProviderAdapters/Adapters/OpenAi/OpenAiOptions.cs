using Microsoft.Extensions.Options;

namespace Aigc2d.ProviderAdapters.Adapters.OpenAi;

/// <summary>How OpenAI and those who speak its dialect are asked (section <c>OpenAi</c>).</summary>
public sealed class OpenAiOptions
{
    public const string Section = "OpenAi";

    /// <summary>What names begin with of models that complete a text and cannot chat, as the provider calls them; what is configured comes to these.</summary>
    public IList<string> CompletionModels { get; } = ["gpt-3.5-turbo-instruct", "gpt-35-turbo-instruct", "davinci-002", "babbage-002"];
}

/// <summary>Refuses names that would make every model one that completes.</summary>
public sealed class ValidateOpenAiOptions : IValidateOptions<OpenAiOptions>
{
    public ValidateOptionsResult Validate(string? name, OpenAiOptions options) => options.CompletionModels.Any(string.IsNullOrWhiteSpace)
        ? ValidateOptionsResult.Fail($"{OpenAiOptions.Section}:{nameof(options.CompletionModels)} must list what the models' names begin with.")
        : ValidateOptionsResult.Success;
}
