using System.Text.Json;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.Chats;

namespace Aigc2d.ProviderAdapters.Clients.Anthropic;

/// <summary>Reads what a block of Anthropic's content says or shows, as parts that other families know.</summary>
internal static class BlockReader
{
    private const string TextDocument = "text";

    public static IEnumerable<ContentPart> Read(JsonElement block, string path) => Fields.Required(block, "type", path) switch
    {
        "text" => [new TextPart(path, Fields.Required(block, "text", path))],
        "image" => [new ImagePart(path, AddressOf(SourceOf(block, path), $"{path}.source"), null)],
        "document" => ReadDocument(block, path),
        "search_result" => [new TextPart(path, string.Join('\n', Titles(block, path, "title", "source").Concat(TextsOf(block, path))))],
        _ => throw new UntranslatableException($"{path}.type", "is a block that only Claude models read; use 'text', 'image', 'document', 'tool_use' or 'tool_result'."),
    };

    /// <summary>Text is told as text; a PDF goes as the file it is.</summary>
    private static IEnumerable<ContentPart> ReadDocument(JsonElement block, string path)
    {
        var source = SourceOf(block, path);
        var at = $"{path}.source";
        switch (Fields.Required(source, "type", at))
        {
            case TextDocument:
                return [new TextPart(path, string.Join('\n', Titles(block, path, "title", "context").Append(Fields.Required(source, "data", at))))];
            case "content":
                var titles = Titles(block, path, "title", "context").Select(title => new TextPart(path, title));
                return [.. titles, .. ReadContent(source, at)];
            case "base64":
                var mediaType = Fields.Required(source, "media_type", at);
                return [new FilePart(path, Fields.Text(block, "title", path) ?? "document.pdf", $"data:{mediaType};base64,{Fields.Required(source, "data", at)}", null)];
            default:
                throw new UntranslatableException($"{at}.type", "must be 'base64', 'text' or 'content' for this model. Put the document into the request.");
        }
    }

    private static IEnumerable<ContentPart> ReadContent(JsonElement parent, string path) => Fields.Member(parent, "content") switch
    {
        null => [],
        { ValueKind: JsonValueKind.String } text => [new TextPart($"{path}.content", Fields.TextOf(text, $"{path}.content"))],
        { } blocks => Fields.Items(blocks, $"{path}.content").SelectMany(block => Read(block.Item, block.Path)),
    };

    private static IEnumerable<string> TextsOf(JsonElement block, string path) => ReadContent(block, path).OfType<TextPart>().Select(part => part.Text);

    private static IEnumerable<string> Titles(JsonElement block, string path, params string[] names) => names.Select(name => Fields.Text(block, name, path)).OfType<string>();

    private static string AddressOf(JsonElement source, string path) => Fields.Required(source, "type", path) switch
    {
        "base64" => $"data:{Fields.Required(source, "media_type", path)};base64,{Fields.Required(source, "data", path)}",
        "url" => Fields.Required(source, "url", path),
        _ => throw new UntranslatableException($"{path}.type", "must be 'base64' or 'url' for this model. Put the image into the request."),
    };

    private static JsonElement SourceOf(JsonElement block, string path) => Fields.Member(block, "source") ?? throw new UntranslatableException($"{path}.source", "is missing.");
}
