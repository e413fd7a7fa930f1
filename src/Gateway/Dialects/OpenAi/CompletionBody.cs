namespace Aigc2d.Gateway.Dialects.OpenAi;

/// <summary>The body of <c>POST /v1/completions</c>.</summary>
internal sealed class CompletionBody : CallBody
{
    private const int DefaultMaxTokens = 16;
    private const int MostMade = 20;
    private const int MostLogProbs = 5;

    private static readonly FieldNames Documented = new(
        [
            "model", "prompt", "max_tokens", "n", "best_of", "echo", "suffix", "logprobs", "stop", "temperature", "top_p", "frequency_penalty", "presence_penalty",
            "logit_bias", "seed", "user", "stream", "stream_options",
        ],
        ["suffix"]);

    private readonly OutputFields _output = new(leastMaxTokens: 0);
    private readonly CompletionPrompts _prompts = new();
    private int? _bestOf;

    protected override FieldNames Names => Documented;

    protected override string Essentials => "model and prompt";

    /// <summary>All that are made are charged, be they shown or not.</summary>
    private int Made => _prompts.Count * Math.Max(_output.Choices ?? 1, _bestOf ?? 0);

    protected override bool TryReadField(ref JsonWalker json)
    {
        switch (json.Name)
        {
            case "prompt":
                _prompts.Read(ref json, Prompt);
                return true;
            case "best_of":
                _bestOf = json.Integer(0, MostMade);
                return true;
            case "logprobs":
                json.Integer(0, MostLogProbs);
                return true;
            default:
                return _output.TryRead(ref json);
        }
    }

    protected override BodyRefusal? FaultOfAll()
    {
        if (_bestOf > 0 && _bestOf < _output.Choices) return Invalid("best_of", "must be at least 'n'");
        if (_bestOf > 1 && _output.Stream is true) return Invalid("best_of", "cannot be sent together with 'stream'; leave one of them out");
        if (Made > CompletionPrompts.Most) return Invalid("prompt", $"times 'n' or 'best_of' must not exceed {CompletionPrompts.Most} answers");
        return _output.FaultOfAll("max_tokens", choices: Made);
    }

    protected override BodyRefusal? FaultFor(string model) =>
        _prompts.TryDecode(model, Prompt) ? null : Invalid("prompt", "holds tokens that cannot be read as those of this model; send text");

    protected override CallRequest RequestFor(string model) => new()
    {
        Model = model,
        Texts = Prompt.Texts,
        InputTokens = Prompt.TokensFor(model),
        MaxOutputTokens = Math.Max(1, _output.MaxTokens ?? DefaultMaxTokens), // no output at all is held for as one token
        Choices = Made,
        Stream = _output.Stream ?? false,
        IncludeUsage = _output.IncludeUsage,
        PromptField = "prompt",
    };
}
