using System.Text.Json;
using Aigc2d.ServiceDefaults.Tokens;

namespace Aigc2d.Gateway.Dialects.Anthropic;

/// <summary>Reads content, a string or blocks. Kinds of blocks that we do not know are passed on, but their texts are read all the same.</summary>
internal static class ContentBlocks
{
    /// <summary>Whether there is any; anything but a string or an array is refused.</summary>
    public static bool ReadAll(ref JsonWalker json, PromptTexts texts)
    {
        switch (json.Token)
        {
            case JsonTokenType.String:
                texts.Add(json.Text());
                return true;
            case JsonTokenType.StartArray:
                while (json.NextElement()) Read(ref json, texts);
                return true;
            case JsonTokenType.Null:
                return false;
            default:
                return json.Refuse("must be a string or an array of content blocks");
        }
    }

    private static void Read(ref JsonWalker json, PromptTexts texts)
    {
        if (json.Token != JsonTokenType.StartObject)
        {
            json.Refuse("must be an object with a type");
            return;
        }

        string? type = null;
        bool hasText = false, hasResultId = false;
        BlockSource? source = null;
        while (json.NextMember())
        {
            switch (json.Name)
            {
                case "type":
                    type = json.Text();
                    break;
                case "text":
                    hasText = json.IsText();
                    texts.Add(json.Text());
                    break;
                case "source":
                    source = BlockSource.Read(ref json, texts);
                    break;
                case "tool_use_id":
                    hasResultId = json.IsText();
                    texts.AddOverhead(PromptFraming.PerToolCallId);
                    break;
                default:
                    ReadMember(ref json, texts);
                    break;
            }
        }

        if (type is null) json.Refuse("is required: text, image, document, tool_use, tool_result, thinking or another kind of block", "type", BodyRefusal.MissingParameter);
        Require(ref json, type == "text" && !hasText, "text", "is required: a string");
        Require(ref json, type is "image" or "document" && source is null, "source", "is required: an object with a type");
        Require(ref json, type == "tool_result" && !hasResultId, "tool_use_id", "is required: the id of the tool_use block that it answers");
        if (type == "image") texts.AddImage(source?.Image ?? PromptImage.Elsewhere, source?.Size);
        else if (source is { IsFile: true }) texts.AddFile();
    }

    private static void ReadMember(ref JsonWalker json, PromptTexts texts)
    {
        switch (json.Name)
        {
            case "thinking" or "title" or "context" or "name":
                texts.Add(json.Text());
                break;
            case "input":
                texts.AddOverhead(PromptFraming.PerToolCall);
                texts.AddWhole(ref json);
                break;
            case "content" when json.Token is JsonTokenType.String or JsonTokenType.StartArray:
                ReadAll(ref json, texts);
                break;
            case "is_error":
                json.Boolean();
                break;
            case "id" or "signature" or "data" or "encrypted_content" or "encrypted_index":
                // What only its maker can read.
                json.Text();
                break;
            case "cache_control":
                json.Skip();
                break;
            default:
                texts.AddWhole(ref json);
                break;
        }
    }

    private static void Require(ref JsonWalker json, bool isMissing, string member, string rule)
    {
        if (isMissing) json.Refuse(rule, member, BodyRefusal.MissingParameter);
    }
}
