using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Aigc2d.Gateway.OpenApi;

/// <summary>Reads YAML as the JSON that it means: what is quoted or a block is text; what is plain is a number, true, false or null where it reads like one.</summary>
internal static class YamlJson
{
    public static JsonObject Read(TextReader yaml)
    {
        var stream = new YamlStream();
        stream.Load(yaml);
        return (JsonObject)Of(stream.Documents[0].RootNode)!;
    }

    private static JsonNode? Of(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Select(member => KeyValuePair.Create(((YamlScalarNode)member.Key).Value!, Of(member.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Select(Of)]),
        YamlScalarNode { Style: ScalarStyle.Plain } plain => Plain(plain.Value!),
        YamlScalarNode text => JsonValue.Create(text.Value),
        _ => throw new InvalidOperationException($"Line {node.Start.Line} has a kind of node that JSON lacks."),
    };

    private static JsonValue? Plain(string text) => text switch
    {
        "null" or "" => null,
        "true" => JsonValue.Create(true),
        "false" => JsonValue.Create(false),
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
        _ when decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
        _ => JsonValue.Create(text),
    };
}
