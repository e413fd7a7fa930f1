using System.Text;
using System.Text.Json;
using Aigc2d.ServiceDefaults.Tokens;

namespace Aigc2d.Gateway.Dialects.OpenAi;

/// <summary>The body of <c>POST /v1/embeddings</c>.</summary>
internal sealed class EmbeddingsBody : CallBody
{
    public const int MostInputs = 2_048;
    public const int MostTokensEach = 8_192;
    public const int MostTokens = 300_000;
    private const string WhatInputIs = "must be a string, an array of strings, or the same as token ids";

    private static readonly FieldNames Documented = new(["model", "input", "encoding_format", "dimensions", "user", "stream"], []);

    // An input is a text, or the ids of its tokens.
    private readonly List<(string? Text, int[] Ids)> _inputs = [];
    private bool _isList;
    private long _bytes;
    private int _ids;
    private int _tokens;

    protected override FieldNames Names => Documented;

    protected override string Essentials => "model and input";

    protected override bool TryReadField(ref JsonWalker json)
    {
        switch (json.Name)
        {
            case "input":
                ReadInput(ref json);
                return true;
            case "encoding_format":
                if (json.Text() is { } format and not ("float" or "base64")) json.Refuse("must be 'float' or 'base64'");
                return true;
            case "stream":
                if (json.Boolean() is true) json.Refuse("cannot be true: embeddings are not streamed");
                return true;
            default:
                return false;
        }
    }

    protected override BodyRefusal? FaultOfAll() => _inputs.Count == 0 ? Missing("input", "a string, an array of strings, or the same as token ids") : null;

    protected override BodyRefusal? FaultFor(string model)
    {
        var counter = TokenCounter.ForHold(model);
        for (var i = 0; i < _inputs.Count; i++)
        {
            if ((_inputs[i].Text is { } text ? FaultOf(text, i, counter) : FaultOf(_inputs[i].Ids, i, counter)) is { } fault) return fault;
        }

        _tokens = Prompt.TokensFor(model);
        return IsBeyond(_tokens, MostTokens, isExact: _bytes == 0)
            ? new("input", "max_tokens_per_request", $"Invalid 'input': has about {_tokens} tokens, and a request may have {MostTokens}. Send it in several requests.")
            : null;
    }

    protected override CallRequest RequestFor(string model) => new()
    {
        Model = model,
        Texts = Prompt.Texts,
        InputTokens = _tokens,
        MaxOutputTokens = 0,
        IsForEmbeddings = true,
        PromptField = "input",
        LimitField = null,
    };

    private BodyRefusal? FaultOf(string text, int place, TokenCounter counter)
    {
        // No text has more tokens than bytes.
        var bytes = Encoding.UTF8.GetByteCount(text);
        _bytes += bytes;
        if (bytes <= MostTokensEach) return null;

        var tokens = SampledTokens.Count([text], counter, Random.Shared);
        return IsBeyond(tokens, MostTokensEach, counter.IsExact && bytes <= SampledTokens.ExactBytes)
            ? new(NameOf(place), "context_length_exceeded", $"Invalid '{NameOf(place)}': has about {tokens} tokens, and one input may have {MostTokensEach}. Split it.")
            : null;
    }

    private BodyRefusal? FaultOf(int[] ids, int place, TokenCounter counter)
    {
        if (counter.Decode(ids) is { } text)
        {
            Prompt.AddCounted(text, ids.Length);
            return null;
        }

        return Invalid(NameOf(place), counter.IsExact ? "must be ids of text tokens" : "cannot be token ids for this model; send text");
    }

    /// <summary>What is near the limit by a count that is not exact is left to the provider.</summary>
    private static bool IsBeyond(long tokens, int most, bool isExact) => tokens > (isExact ? most : most + (most / 10));

    private string NameOf(int place) => _isList ? $"input[{place}]" : "input";

    private void ReadInput(ref JsonWalker json)
    {
        if (json.Token == JsonTokenType.String) Add(ref json);
        else if (json.Token == JsonTokenType.StartArray) ReadArray(ref json);
        else if (json.Token != JsonTokenType.Null) json.Refuse(WhatInputIs);
    }

    /// <summary>Strings and lists of ids are one input each; ids are one input together.</summary>
    private void ReadArray(ref JsonWalker json)
    {
        var kind = JsonTokenType.None;
        var ids = new List<int>();
        while (json.NextElement())
        {
            if (kind == JsonTokenType.None) kind = json.Token;
            if (json.Token != kind || kind is not (JsonTokenType.String or JsonTokenType.Number or JsonTokenType.StartArray))
                json.Refuse("must be of the kind of the elements before it: all strings, all token ids, or all lists of token ids");
            else if (kind == JsonTokenType.Number) AddId(ref json, ids);
            else if (_inputs.Count == MostInputs) json.Refuse($"is beyond the {MostInputs} inputs a request may have");
            else if (kind == JsonTokenType.String) Add(ref json);
            else ReadIds(ref json);
        }

        _isList = kind != JsonTokenType.Number;
        if (kind == JsonTokenType.None) json.Refuse(WhatInputIs + ", and not empty");
        if (ids.Count > 0) _inputs.Add((null, [.. ids]));
    }

    private void ReadIds(ref JsonWalker json)
    {
        var ids = new List<int>();
        while (json.NextElement()) AddId(ref json, ids);
        if (ids.Count == 0) json.Refuse("must not be empty");
        _inputs.Add((null, [.. ids]));
    }

    private void AddId(ref JsonWalker json, List<int> ids)
    {
        if (json.Token == JsonTokenType.Null) json.Refuse("must be a token id");
        if (json.Integer(0, int.MaxValue) is not { } id) return;

        if (ids.Count == MostTokensEach) json.Refuse($"is beyond the {MostTokensEach} tokens that one input may have");
        else if (++_ids > MostTokens) json.Refuse($"is beyond the {MostTokens} tokens that a request may have");
        ids.Add(id);
    }

    private void Add(ref JsonWalker json)
    {
        var text = json.Text();
        if (text is "") json.Refuse("must not be empty");
        Prompt.Add(text);
        _inputs.Add((text, []));
    }
}
