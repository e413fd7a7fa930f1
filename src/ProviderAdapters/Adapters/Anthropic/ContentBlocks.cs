using System.Text.Json;
using Aigc2d.ProviderAdapters.Adapters.Chats;

namespace Aigc2d.ProviderAdapters.Adapters.Anthropic;

/// <summary>Writes parts of a message as Anthropic's content blocks.</summary>
internal static class ContentBlocks
{
    private const string Pdf = "application/pdf";

    public static void WriteText(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type", "text");
        json.WriteString("text", text);
        json.WriteEndObject();
    }

    /// <summary>Writes what a user or a tool says; false when it is a text without a word in it, which Anthropic refuses.</summary>
    public static bool TryWrite(Utf8JsonWriter json, ContentPart part)
    {
        switch (part)
        {
            case TextPart text when string.IsNullOrWhiteSpace(text.Text):
                return false;
            case TextPart text:
                WriteText(json, text.Text);
                return true;
            case ImagePart image:
                WriteImage(json, image);
                return true;
            case FilePart file:
                WriteDocument(json, file);
                return true;
            default:
                throw new UntranslatableException(part.Path, "cannot be sound for this model. Send text, images or PDF files.");
        }
    }

    private static void WriteImage(Utf8JsonWriter json, ImagePart image)
    {
        var isData = DataAddress.IsOne(image.Url);
        if (!isData && !IsWebAddress(image.Url)) throw new UntranslatableException($"{image.Path}.image_url.url", "must begin with 'https://' or 'data:image/'.");

        json.WriteStartObject();
        json.WriteString("type", "image");
        json.WriteStartObject("source");
        if (isData)
        {
            var data = DataAddress.Read(image.Url);
            WriteBase64(json, image.Url, data, ImageTypeOf(data?.MediaType) ?? throw new UntranslatableException(
                $"{image.Path}.image_url.url", "must hold a PNG, JPEG, GIF or WebP image, as in 'data:image/png;base64,…'."));
        }
        else
        {
            json.WriteString("type", "url");
            json.WriteString("url", image.Url);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteDocument(Utf8JsonWriter json, FilePart file)
    {
        var path = $"{file.Path}.file.file_data";
        if (file.Data is not { } address) throw new UntranslatableException(path, "is missing: files cannot be named by an id here. Send 'data:application/pdf;base64,…'.");
        var data = DataAddress.Read(address);
        if (data?.MediaType != Pdf) throw new UntranslatableException(path, "must hold a PDF file, as in 'data:application/pdf;base64,…'.");

        json.WriteStartObject();
        json.WriteString("type", "document");
        json.WriteStartObject("source");
        WriteBase64(json, address, data, Pdf);
        json.WriteEndObject();
        if (file.Name is { Length: > 0 } name) json.WriteString("title", name);
        json.WriteEndObject();
    }

    private static void WriteBase64(Utf8JsonWriter json, string address, DataAddress? data, string mediaType)
    {
        json.WriteString("type", "base64");
        json.WriteString("media_type", mediaType);
        json.WriteString("data", address.AsSpan(data!.Value.DataStart));
    }

    private static string? ImageTypeOf(string? mediaType) => mediaType switch
    {
        "image/png" or "image/jpeg" or "image/gif" or "image/webp" => mediaType,
        "image/jpg" => "image/jpeg",
        _ => null,
    };

    private static bool IsWebAddress(string address) =>
        address.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || address.StartsWith("http://", StringComparison.OrdinalIgnoreCase);
}
