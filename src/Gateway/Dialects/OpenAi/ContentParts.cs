using System.Text.Json;
using Aigc2d.ServiceDefaults.Tokens;

namespace Aigc2d.Gateway.Dialects.OpenAi;

/// <summary>Reads one part of a message's content. Kinds we do not know are passed on, but their texts are read all the same.</summary>
internal static class ContentParts
{
    public static void Read(ref JsonWalker json, PromptTexts texts)
    {
        if (json.Token != JsonTokenType.StartObject)
        {
            json.Refuse("must be an object with a type");
            return;
        }

        string? type = null;
        bool hasText = false, hasRefusal = false, hasImage = false;
        while (json.NextMember())
        {
            switch (json.Name)
            {
                case "type":
                    type = json.Text();
                    break;
                case "text":
                    hasText = ReadText(ref json, texts);
                    break;
                case "refusal":
                    hasRefusal = ReadText(ref json, texts);
                    break;
                case "image_url":
                    hasImage = ReadImage(ref json, texts);
                    break;
                case "input_audio":
                    texts.AddAudio();
                    json.Skip();
                    break;
                case "file":
                    texts.AddFile();
                    json.Skip();
                    break;
                case "prompt_cache_breakpoint":
                    json.Skip();
                    break;
                default:
                    texts.AddWhole(ref json);
                    break;
            }
        }

        if (type is null) json.Refuse("is required: text, image_url, input_audio, file or refusal", "type", BodyRefusal.MissingParameter);
        Require(ref json, type == "text" && !hasText, "text", "is required: a string");
        Require(ref json, type == "refusal" && !hasRefusal, "refusal", "is required: a string");
        Require(ref json, type == "image_url" && !hasImage, "image_url", "is required: an object with a url");
    }

    private static void Require(ref JsonWalker json, bool isMissing, string member, string rule)
    {
        if (isMissing) json.Refuse(rule, member, BodyRefusal.MissingParameter);
    }

    private static bool ReadText(ref JsonWalker json, PromptTexts texts)
    {
        var text = json.Text();
        texts.Add(text);
        return text is not null;
    }

    private static bool ReadImage(ref JsonWalker json, PromptTexts texts)
    {
        if (!json.IsObject()) return false;

        var (hasUrl, isLowDetail) = (false, false);
        ImageSize? size = null;
        var image = PromptImage.Elsewhere;
        while (json.NextMember())
        {
            if (json.Name == "url")
            {
                hasUrl = json.IsText();
                image = new PromptImage(json.RawRange);
                size = InlineImage.SizeOfDataUrl(json.RawText);
            }
            else
            {
                if (json.Name == "detail") isLowDetail = json.RawText.SequenceEqual("low"u8);
                json.Skip();
            }
        }

        texts.AddImage(image, size, isLowDetail);
        if (!hasUrl) json.Refuse("is required: an https or data URL", "url", BodyRefusal.MissingParameter);
        return true;
    }
}
