using System.Text;
using System.Text.Json;
using Aigc2d.Sandbox.Calls;

namespace Aigc2d.Sandbox.Replies;

/// <summary>JSON that follows a schema, so that clients which parse the answer find what they asked for.</summary>
public static class SchemaSample
{
    private const int MaxDepth = 16;

    public static string Of(JsonElement schema)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, SandboxJson.Unescaped))
        {
            if (schema.Find("type") is null && schema.Find("properties") is null && schema.Find("$ref") is null && schema.Find("anyOf") is null) WriteAny(json);
            else Write(json, schema, schema, 0);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void WriteAny(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("answer", "Hello! The sandbox is here to help.");
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, JsonElement schema, JsonElement root, int depth)
    {
        if (depth > MaxDepth)
        {
            json.WriteNullValue();
        }
        else if (schema.Find("const") is { } constant)
        {
            constant.WriteTo(json);
        }
        else if (schema.Find("enum", JsonValueKind.Array) is { } words && words.GetArrayLength() > 0)
        {
            words[0].WriteTo(json);
        }
        else if (schema.FindText("$ref") is { } path)
        {
            Write(json, Follow(root, path), root, depth + 1);
        }
        else if ((schema.Find("anyOf", JsonValueKind.Array) ?? schema.Find("oneOf", JsonValueKind.Array)) is { } variants && variants.GetArrayLength() > 0)
        {
            Write(json, variants[0], root, depth + 1);
        }
        else
        {
            WriteKind(json, schema, root, depth);
        }
    }

    private static void WriteKind(Utf8JsonWriter json, JsonElement schema, JsonElement root, int depth)
    {
        switch (schema.FindTexts("type").FirstOrDefault() ?? (schema.Find("properties") is null ? "string" : "object"))
        {
            case "object":
                json.WriteStartObject();
                if (schema.Find("properties", JsonValueKind.Object) is { } properties)
                {
                    foreach (var property in properties.EnumerateObject())
                    {
                        json.WritePropertyName(property.Name);
                        Write(json, property.Value, root, depth + 1);
                    }
                }

                json.WriteEndObject();
                break;
            case "array":
                json.WriteStartArray();
                if (schema.Find("items", JsonValueKind.Object) is { } items) Write(json, items, root, depth + 1);
                json.WriteEndArray();
                break;
            case "integer":
                json.WriteNumberValue(schema.FindInteger("minimum") ?? 21);
                break;
            case "number":
                json.WriteNumberValue(schema.FindInteger("minimum") ?? 21.5);
                break;
            case "boolean":
                json.WriteBooleanValue(true);
                break;
            case "null":
                json.WriteNullValue();
                break;
            default:
                json.WriteStringValue("Xi'an");
                break;
        }
    }

    private static JsonElement Follow(JsonElement root, string path)
    {
        foreach (var name in path.Split('/').Skip(1)) root = root.Find(name) ?? default;
        return root;
    }
}
