using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using Aigc2d.ServiceDefaults.Tokens;

namespace Aigc2d.Gateway.Dialects;

/// <summary>Collects the texts to screen and the size of the prompt while a body is walked.</summary>
internal sealed class PromptTexts
{
    public const int TokensPerImage = 2_000;
    private const int TokensPerAudio = 256;
    private const int TokensPerFile = 4_096;
    private const int TokensPerMessage = 3;
    private const int TokensPerRole = 1;
    private const int TokensPerReplyPriming = 3;
    private const int TokensPerPiece = 2;

    // Words of the format itself: they are the same in every tool and would drown what the customer wrote.
    private static readonly FrozenSet<string> FormatWords = FrozenSet.Create(
        StringComparer.Ordinal,
        "type", "id", "function", "custom", "name", "description", "parameters", "properties", "required", "items", "enum", "strict",
        "additionalProperties", "arguments", "anyOf", "allOf", "oneOf", "json_schema", "schema", "format", "content", "text");

    private readonly List<string> _texts = [];
    private long _tokens = TokensPerReplyPriming;
    private bool _hasTools;

    public string[] Texts => [.. _texts];

    /// <summary>The estimate so far, capped at what an integer holds; hidden text that providers add for tools is covered by 5 %.</summary>
    public int InputTokens => (int)Math.Min(int.MaxValue, _hasTools ? _tokens + (_tokens + 19) / 20 : _tokens);

    public void AddMessage() => _tokens += TokensPerMessage + TokensPerRole;

    public void AddOverhead(int tokens) => _tokens += tokens;

    public void AddImage() => _tokens += TokensPerImage;

    public void AddAudio() => _tokens += TokensPerAudio;

    public void AddFile() => _tokens += TokensPerFile;

    public void Add(string? text)
    {
        if (string.IsNullOrEmpty(text)) return;

        _texts.Add(text);
        _tokens += TokenEstimate.Count(text);
    }

    /// <summary>Takes an array of tools, functions or calls: one text for each, and <paramref name="tokensEach"/> beside it.</summary>
    public void AddEach(ref JsonWalker json, int tokensEach)
    {
        if (!json.IsArray()) return;

        _hasTools = true;
        while (json.NextElement())
        {
            _tokens += tokensEach;
            if (!json.IsObject())
            {
                json.Refuse("must be an object");
                return;
            }

            AddWhole(ref json);
        }
    }

    /// <summary>Takes any value as one text made of its strings and of the names that are not words of the format.</summary>
    public void AddWhole(ref JsonWalker json)
    {
        var text = new StringBuilder();
        Gather(ref json, text);
        if (text.Length > 0) _texts.Add(text.ToString());
    }

    private void Gather(ref JsonWalker json, StringBuilder text)
    {
        switch (json.Token)
        {
            case JsonTokenType.StartObject:
                while (json.NextMember())
                {
                    Append(text, json.Name, !FormatWords.Contains(json.Name));
                    if (json.Name is "type" or "id" && json.Token == JsonTokenType.String) _tokens += TokensPerPiece;
                    else Gather(ref json, text);
                }

                break;
            case JsonTokenType.StartArray:
                while (json.NextElement()) Gather(ref json, text);
                break;
            case JsonTokenType.String:
                Append(text, json.Text()!, isText: true);
                break;
            default:
                _tokens += TokensPerPiece;
                break;
        }
    }

    private void Append(StringBuilder text, string piece, bool isText)
    {
        _tokens += TokensPerPiece + TokenEstimate.Count(piece);
        if (!isText || piece.Length == 0) return;

        if (text.Length > 0) text.Append('\n');
        text.Append(piece);
    }
}
