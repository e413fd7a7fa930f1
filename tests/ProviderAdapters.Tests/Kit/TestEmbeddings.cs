using System.Buffers.Binary;
using System.Text.Json;

namespace Aigc2d.ProviderAdapters.Tests.Kit;

/// <summary>Calls for embeddings and what clients make of the answers.</summary>
public static class TestEmbeddings
{
    public const string Path = "/internal/embeddings";

    /// <summary>A call for some inputs, by default for numbers; further members are given as JSON without the braces.</summary>
    public static TestCall Of(TestModel model, object input, string? encoding = null, string members = "\"user\":\"someone\"") => new(
        model.Name,
        $$"""{"model":"{{model.Name}}","input":{{JsonSerializer.Serialize(input)}},{{(encoding is null ? "" : $"\"encoding_format\":\"{encoding}\",")}}{{members}}}""")
    {
        Path = Path,
    };

    /// <summary>The vectors of an answer in whichever encoding, by their bits.</summary>
    public static int[][] BitsOf(Answer answer) =>
        [.. answer.Json.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("embedding")).Select(vector => vector.ValueKind == JsonValueKind.String
            ? Bits(vector.GetBytesFromBase64())
            : vector.EnumerateArray().Select(number => BitConverter.SingleToInt32Bits(number.GetSingle())).ToArray())];

    /// <summary>How the vectors came: String for base64, Array for numbers.</summary>
    public static JsonValueKind[] KindsOf(Answer answer) => [.. answer.Json.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("embedding").ValueKind).Distinct()];

    /// <summary>The usage as the client sees it.</summary>
    public static (int Prompt, int Total) UsageOf(Answer answer) =>
        (answer.Json.GetProperty("usage").GetProperty("prompt_tokens").GetInt32(), answer.Json.GetProperty("usage").GetProperty("total_tokens").GetInt32());

    /// <summary>A provider's answer with these vectors, which are given as JSON.</summary>
    public static string Body(string usage, params string[] vectors) =>
        $$"""{"object":"list","data":[{{string.Join(',', vectors.Select((vector, i) => $$"""{"object":"embedding","index":{{i}},"embedding":{{vector}}}"""))}}],"model":"up","usage":{{usage}}}""";

    public static string Usage(int tokens) => $$"""{"prompt_tokens":{{tokens}},"total_tokens":{{tokens}}}""";

    private static int[] Bits(byte[] bytes) => [.. bytes.Chunk(sizeof(float)).Select(four => BinaryPrimitives.ReadInt32LittleEndian(four))];
}
