using System.Text.Json;

namespace Aigc2d.Gateway.Dialects.Anthropic;

/// <summary>The body of <c>POST /v1/complete</c>.</summary>
internal sealed class CompleteBody : CallBody
{
    private const string Human = "\n\nHuman:";
    private const string Assistant = "\n\nAssistant:";

    private static readonly FieldNames Documented = new(
        ["model", "prompt", "max_tokens_to_sample", "stop_sequences", "temperature", "top_p", "top_k", "metadata", "stream"], []);

    private string? _prompt;
    private int? _maxTokens;
    private bool? _stream;

    protected override FieldNames Names => Documented;

    protected override string Essentials => "model, prompt and max_tokens_to_sample";

    protected override bool TryReadField(ref JsonWalker json)
    {
        switch (json.Name)
        {
            case "prompt":
                ReadPrompt(ref json);
                return true;
            case "max_tokens_to_sample":
                _maxTokens = json.Integer(1, int.MaxValue);
                return true;
            case "stop_sequences":
                ReadStops(ref json);
                return true;
            case "stream":
                _stream = json.Boolean();
                return true;
            case "metadata":
                EndUser = Metadata.ReadUser(ref json);
                return true;
            default:
                return false;
        }
    }

    protected override BodyRefusal? FaultOfAll()
    {
        if (_prompt is null) return Missing("prompt", "a text of turns");
        return _maxTokens is null ? Missing("max_tokens_to_sample", "a limit on the answer") : null;
    }

    protected override CallRequest RequestFor(string model) => new()
    {
        Model = model,
        Texts = Prompt.Texts,
        InputTokens = Prompt.TokensFor(model),
        MaxOutputTokens = _maxTokens,
        Stream = _stream ?? false,
        PromptField = "prompt",
        LimitField = "max_tokens_to_sample",
    };

    private void ReadPrompt(ref JsonWalker json)
    {
        _prompt = json.Text();
        if (_prompt is null) return;

        Prompt.Add(_prompt);
        for (var turns = CountOf(Human) + CountOf(Assistant); turns > 0; turns--) Prompt.AddMessage();
        if (!IsConversation(_prompt)) json.Refuse("must begin with a '\\n\\nHuman:' turn after an optional system text, and end with a '\\n\\nAssistant:' turn");
    }

    private int CountOf(string mark) => _prompt.AsSpan().Count(mark);

    private static bool IsConversation(string prompt)
    {
        var human = prompt.IndexOf(Human, StringComparison.Ordinal);
        var assistant = prompt.IndexOf(Assistant, StringComparison.Ordinal);
        return human >= 0 && assistant > human && prompt.LastIndexOf(Assistant, StringComparison.Ordinal) > prompt.LastIndexOf(Human, StringComparison.Ordinal);
    }

    private static void ReadStops(ref JsonWalker json)
    {
        if (!json.IsArray()) return;
        while (json.NextElement())
        {
            if (json.Token == JsonTokenType.Null) json.Refuse("must be a string");
            else json.Text();
        }
    }
}
