using System.Text.Json;
using Aigc2d.ServiceDefaults.Tokens;

namespace Aigc2d.Gateway.Dialects.OpenAi;

/// <summary>Reads <c>prompt</c> in any of its four forms: a text, texts, the tokens of one text, those of several.</summary>
internal sealed class CompletionPrompts
{
    /// <summary>Each is answered at least once, and one call may have so many answers.</summary>
    public const int Most = 128;

    private readonly List<int[]> _tokens = [];

    /// <summary>How many there are; no prompt is an empty one.</summary>
    public int Count { get; private set; } = 1;

    public void Read(ref JsonWalker json, PromptTexts texts)
    {
        if (json.Token == JsonTokenType.String)
        {
            Add(json.Text()!, texts);
        }
        else if (json.Token is not (JsonTokenType.Null or JsonTokenType.StartArray))
        {
            json.Refuse("must be a string, an array of strings, an array of tokens or an array of such arrays");
        }
        else if (json.IsArray())
        {
            ReadArray(ref json, texts);
        }
    }

    /// <summary>Adds the texts of tokens, which only their model's name explains; false when it does not.</summary>
    public bool TryDecode(string model, PromptTexts texts)
    {
        var counter = TokenCounter.For(null, model);
        foreach (var tokens in _tokens)
        {
            if (counter.Decode(tokens) is not { } text) return false;
            texts.AddMessage();
            texts.AddCounted(text, tokens.Length);
        }

        return true;
    }

    private void ReadArray(ref JsonWalker json, PromptTexts texts)
    {
        Count = 0;
        List<int>? tokens = null;
        while (json.NextElement())
        {
            if (json.Token == JsonTokenType.Number && (Count == 0 || tokens is not null)) (tokens, Count) = (AddToken(ref json, tokens), 1);
            else if (tokens is not null) json.Refuse("must be a token like those before it");
            else if (++Count > Most) json.Refuse($"is beyond the {Most} prompts that a request may have");
            else if (json.Token == JsonTokenType.String) Add(json.Text()!, texts);
            else if (json.Token == JsonTokenType.StartArray) ReadTokens(ref json);
            else json.Refuse("must be a string, a token or an array of tokens");
        }

        if (tokens is not null) _tokens.Add([.. tokens]);
        if (Count == 0) json.Refuse("must have at least one element");
    }

    private void ReadTokens(ref JsonWalker json)
    {
        List<int>? tokens = null;
        while (json.NextElement()) tokens = AddToken(ref json, tokens);
        if (tokens is null) json.Refuse("must have at least one token");
        else _tokens.Add([.. tokens]);
    }

    private static List<int> AddToken(ref JsonWalker json, List<int>? tokens)
    {
        tokens ??= [];
        if (json.Token is JsonTokenType.Null) json.Refuse("must be a token");
        else if (json.Integer(0, int.MaxValue) is { } token) tokens.Add(token);
        return tokens;
    }

    private static void Add(string text, PromptTexts texts)
    {
        texts.AddMessage();
        texts.Add(text);
    }
}
