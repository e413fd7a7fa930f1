using System.Text.Json;
using Aigc2d.Sandbox.Calls;
using Aigc2d.Sandbox.Replies;

namespace Aigc2d.Sandbox.OpenAi;

/// <summary>OpenAI's embeddings, as numbers or base64, of the asked or the model's own size; also for who speaks its format.</summary>
public static class AnswerEmbeddings
{
    private const int MaxInputs = 2_048;
    private static readonly OpenAiDialect Dialect = new();

    public static void MapAnswerEmbeddings(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/embeddings", (HttpContext http, ScriptedCalls calls) => calls.HandleAsync(http, Dialect, null, call => AnswerAsync(call)));

    public static async Task<IResult> AnswerAsync(ScriptedCall call, string idPrefix = "")
    {
        var body = call.Body;
        if (call.Model.Name.Length == 0) throw new RequestRefusedException("you must provide a model parameter");
        var inputs = InputsOf(body);
        var size = DimensionsOf(body, call.Model.Name);
        var asBase64 = body.FindText("encoding_format") switch
        {
            null or "float" => false,
            "base64" => true,
            _ => throw new RequestRefusedException("Invalid value for 'encoding_format': 'float' or 'base64'.") { Param = "encoding_format" },
        };
        if (await call.BehaveAsync() is { } failure) return failure;

        var tokens = call.Script.InputTokens ?? inputs.Sum(SandboxTokens.Count);
        var data = inputs.Select((input, index) => new { @object = "embedding", index, embedding = Encode(SandboxVector.Of(input, size), asBase64) }).ToArray();
        var usage = new { prompt_tokens = tokens, total_tokens = tokens };
        return idPrefix.Length == 0
            ? SandboxJson.Result(new { @object = "list", data, model = call.Model.Name, usage })
            : SandboxJson.Result(new
            {
                id = idPrefix + Guid.CreateVersion7().ToString("N"),
                @object = "embedding_list",
                created = call.Now.ToUnixTimeSeconds(),
                model = call.Model.Name,
                data,
                usage,
            });
    }

    /// <summary>One text per input; token numbers count as text.</summary>
    private static string[] InputsOf(JsonElement body)
    {
        var input = body.Find("input") ?? throw new RequestRefusedException("Missing required parameter: 'input'.") { Param = "input" };
        string[] inputs = input.ValueKind switch
        {
            JsonValueKind.String => [input.GetString()!],
            JsonValueKind.Array when input.GetArrayLength() > 0 && input[0].ValueKind == JsonValueKind.Number => [input.GetRawText()],
            JsonValueKind.Array => [.. input.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : item.GetRawText())],
            _ => [],
        };
        if (inputs.Length is 0 or > MaxInputs || inputs.Contains("")) throw new RequestRefusedException("'$.input' is invalid.") { Param = "input" };
        return inputs;
    }

    private static int DimensionsOf(JsonElement body, string model)
    {
        var own = SandboxVector.SizeOf(model);
        if (body.Find("dimensions") is null) return own;
        return body.FindInteger("dimensions") is { } asked && asked >= 1 && asked <= own ? asked
            : throw new RequestRefusedException($"Invalid value for 'dimensions': it must be between 1 and {own}.") { Param = "dimensions" };
    }

    private static object Encode(float[] vector, bool asBase64)
    {
        if (!asBase64) return vector;
        var bytes = new byte[vector.Length * sizeof(float)];
        for (var i = 0; i < vector.Length; i++) System.Buffers.Binary.BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), vector[i]);
        return Convert.ToBase64String(bytes);
    }
}
