using System.Text.Json;

namespace Aigc2d.Gateway.Dialects.OpenAi;

/// <summary>The body of <c>POST /v1/chat/completions</c>.</summary>
internal sealed class ChatBody : CallBody
{
    private static readonly FieldNames Documented = new(
        [
            "model", "messages", "max_completion_tokens", "max_tokens", "n", "stream", "stream_options", "temperature", "top_p", "frequency_penalty",
            "presence_penalty", "logit_bias", "logprobs", "top_logprobs", "stop", "seed", "tools", "tool_choice", "parallel_tool_calls", "functions",
            "function_call", "response_format", "modalities", "audio", "prediction", "reasoning_effort", "verbosity", "web_search_options", "service_tier",
            "store", "metadata", "user", "safety_identifier", "prompt_cache_key", "prompt_cache_options", "prompt_cache_retention", "moderation",
        ],
        ["prediction", "web_search_options", "tool_choice"]);

    private readonly OutputFields _output = new();
    private bool _hasMessages;
    private int? _maxCompletionTokens;

    protected override FieldNames Names => Documented;

    protected override string Essentials => "model and messages";

    protected override bool TryReadField(ref JsonWalker json)
    {
        switch (json.Name)
        {
            case "messages":
                ChatMessages.Read(ref json, Prompt);
                _hasMessages = json.Token == JsonTokenType.EndArray;
                return true;
            case "max_completion_tokens":
                _maxCompletionTokens = json.Integer(1, int.MaxValue);
                return true;
            case "tools" or "functions":
                Prompt.AddTools(ref json);
                return true;
            case "response_format":
                if (FieldTypes.Fit(ref json)) Prompt.AddAnswerFormat(ref json);
                return true;
            default:
                return _output.TryRead(ref json);
        }
    }

    protected override BodyRefusal? FaultOfAll()
    {
        if (!_hasMessages) return Missing("messages", "an array of messages");
        if (_output.MaxTokens is not null && _maxCompletionTokens is not null) return Invalid("max_tokens", "cannot be sent together with 'max_completion_tokens'; send one of them");
        return _output.FaultOfAll(_maxCompletionTokens is null ? "max_tokens" : "max_completion_tokens", _maxCompletionTokens);
    }

    protected override CallRequest RequestFor(string model) => new()
    {
        Model = model,
        Texts = Prompt.Texts,
        Images = Prompt.Images,
        InputTokens = Prompt.TokensFor(model),
        MaxOutputTokens = _output.MaxTokens ?? _maxCompletionTokens,
        Choices = _output.Choices ?? 1,
        Stream = _output.Stream ?? false,
        IncludeUsage = _output.IncludeUsage,
    };
}
