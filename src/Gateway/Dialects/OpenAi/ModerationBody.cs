using System.Text.Json;

namespace Aigc2d.Gateway.Dialects.OpenAi;

/// <summary>The body of <c>POST /v1/moderations</c>.</summary>
internal sealed class ModerationBody : CallBody
{
    public const string OmniModel = "omni-moderation-latest";
    public const int MostInputs = 2_048;
    public const int MostCharacters = 1_000_000;

    private static readonly FieldNames Documented = new(["model", "input"], []);

    private readonly List<string[]> _inputs = [];
    private bool _hasInput;
    private bool _hasImages;

    protected override FieldNames Names => Documented;

    protected override string Essentials => "input";

    protected override string? DefaultModel => OmniModel;

    protected override bool TryReadField(ref JsonWalker json)
    {
        if (json.Name != "input") return false;

        _hasInput = true;
        switch (json.Token)
        {
            case JsonTokenType.String:
                _inputs.Add([Take(ref json)]);
                break;
            case JsonTokenType.StartArray:
                ReadArray(ref json);
                break;
            case JsonTokenType.Null:
                _hasInput = false;
                break;
            default:
                json.Refuse(WhatInputIs);
                break;
        }

        return true;
    }

    protected override BodyRefusal? FaultOfAll()
    {
        if (!_hasInput) return Missing("input", "a string, an array of strings or an array of parts");
        return _inputs.Sum(texts => texts.Sum(text => (long)text.Length)) > MostCharacters ? Invalid("input", $"must not have more than {MostCharacters} characters in all") : null;
    }

    protected override CallRequest RequestFor(string model) => new ModerationRequest
    {
        Model = model,
        Texts = Prompt.Texts,
        InputTokens = Prompt.TokensFor(model),
        MaxOutputTokens = 0,
        PromptField = "input",
        LimitField = null,
        Inputs = [.. _inputs],
        HasImages = _hasImages,
    };

    private const string WhatInputIs = "must be a string, an array of strings or an array of parts";

    /// <summary>Strings are one input each; parts are one input together.</summary>
    private void ReadArray(ref JsonWalker json)
    {
        var parts = new List<string>();
        var (strings, objects) = (0, 0);
        while (json.NextElement())
        {
            if (json.Token == JsonTokenType.String && objects == 0 && ++strings <= MostInputs) _inputs.Add([Take(ref json)]);
            else if (json.Token == JsonTokenType.StartObject && strings == 0 && ++objects <= MostInputs) ReadPart(ref json, parts);
            else json.Refuse(strings > MostInputs || objects > MostInputs ? $"is beyond the {MostInputs} inputs a request may have" : "must be of the kind of the elements before it: all strings, or all parts");
        }

        if (strings + objects == 0) json.Refuse(WhatInputIs + ", and not empty");
        if (objects > 0) _inputs.Add([.. parts]);
    }

    private void ReadPart(ref JsonWalker json, List<string> parts)
    {
        string? type = null;
        var (hasText, hasImage) = (false, false);
        while (json.NextMember())
        {
            switch (json.Name)
            {
                case "type":
                    type = json.Text();
                    break;
                case "text" when json.Token == JsonTokenType.String:
                    parts.Add(Take(ref json));
                    hasText = true;
                    break;
                case "image_url":
                    hasImage = json.IsObject();
                    json.Skip();
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        if (type is not ("text" or "image_url")) json.Refuse("must be 'text' or 'image_url'", "type");
        if (type == "text" && !hasText) json.Refuse("is required: a string", "text", BodyRefusal.MissingParameter);
        if (type == "image_url" && !hasImage) json.Refuse("is required: an object with a url", "image_url", BodyRefusal.MissingParameter);
        _hasImages |= hasImage;
    }

    private string Take(ref JsonWalker json)
    {
        var text = json.Text() ?? "";
        Prompt.Add(text);
        return text;
    }
}
