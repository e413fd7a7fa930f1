using System.Text;
using System.Text.Json;
using Aigc2d.ServiceDefaults.Tokens;

namespace Aigc2d.Gateway.Dialects.Anthropic;

/// <summary>Where an image or a document of a block comes from.</summary>
/// <param name="Size">The size of an image that is in the request itself; null when it cannot be read.</param>
/// <param name="Image">Where it is, if it is an image.</param>
/// <param name="IsFile">Whether it is something else than text that has been read here.</param>
internal readonly record struct BlockSource(ImageSize? Size, PromptImage Image, bool IsFile)
{
    private const string Base64 = "base64";

    /// <summary>Reads the value that the walker stands at; the text of a document is collected. Null when there is none.</summary>
    public static BlockSource? Read(ref JsonWalker json, PromptTexts texts)
    {
        if (json.Token == JsonTokenType.String)
        {
            // Of a search result it is where it was found.
            texts.Add(json.Text());
            return new BlockSource(null, PromptImage.Elsewhere, false);
        }

        if (!json.IsObject()) return null;

        string? type = null, data = null;
        ImageSize? size = null;
        Range content = default, mediaType = default, address = default;
        var hasContent = false;
        while (json.NextMember())
        {
            switch (json.Name)
            {
                case "type":
                    type = json.Text();
                    break;
                case "data" when type == Base64:
                    content = json.RawRange;
                    if (json.IsText()) size = InlineImage.SizeOfBase64(json.RawText);
                    break;
                case "data":
                    content = json.RawRange;
                    data = json.Text();
                    break;
                case "content" when json.Token is JsonTokenType.String or JsonTokenType.StartArray:
                    hasContent = ContentBlocks.ReadAll(ref json, texts);
                    break;
                case "media_type":
                    mediaType = json.RawRange;
                    json.Text();
                    break;
                case "url":
                    address = json.RawRange;
                    json.Text();
                    break;
                case "file_id":
                    json.Text();
                    break;
                default:
                    texts.AddWhole(ref json);
                    break;
            }
        }

        if (type is null) json.Refuse("is required: base64, url, text, content or file", "type", BodyRefusal.MissingParameter);
        if (type != Base64) texts.Add(data);
        else if (data is not null) size = InlineImage.SizeOfBase64(Encoding.UTF8.GetBytes(data));
        return new BlockSource(size, ImageOf(type, content, mediaType, address), !hasContent && type != "text");
    }
    private static PromptImage ImageOf(string? type, Range content, Range mediaType, Range address) => type switch
    {
        Base64 when !mediaType.Equals(default) => new PromptImage(content, mediaType),
        "url" => new PromptImage(address),
        _ => PromptImage.Elsewhere,
    };
}
