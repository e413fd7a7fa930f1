using System.Text.Json;
using Aigc2d.Sandbox.Calls;
using Aigc2d.Sandbox.Replies;

namespace Aigc2d.Sandbox.OpenAi;

/// <summary>OpenAI's embeddings, as numbers or base64, of the asked or the model's own size; Azure's too.</summary>
public static class AnswerEmbeddings
{
    private const int MaxInputs = 2_048;
    private const int MaxInputTokens = 8_192;
    private const int MaxTokens = 300_000;
    private static readonly OpenAiDialect Dialect = new();

    public static void MapAnswerEmbeddings(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/embeddings", (HttpContext http, ScriptedCalls calls) => calls.HandleAsync(http, Dialect, null, AnswerAsync));

    public static async Task<IResult> AnswerAsync(ScriptedCall call)
    {
        var body = call.Body;
        var model = call.Model.Name;
        if (model.Length == 0) throw new RequestRefusedException("you must provide a model parameter");
        var inputs = InputsOf(body);
        var size = DimensionsOf(body, model);
        var asBase64 = body.FindText("encoding_format") switch
        {
            null or "float" => false,
            "base64" => true,
            _ => throw new RequestRefusedException("Invalid value for 'encoding_format': 'float' or 'base64'.") { Param = "encoding_format" },
        };
        if (await call.BehaveAsync() is { } failure) return failure;
        if (call.Script.ErrorFrameAfter is not null) return await call.AnswerAsync(SandboxJson.Bytes(json => ChatParts.WriteError(json, ChatFamily.OpenAi, call.Script, "")));

        return await call.AnswerAsync(VectorList.Bytes(call, inputs, size, asBase64 && !call.Script.Floats, json =>
        {
            json.WriteString("object", "list");
            json.WriteString("model", model);
        }));
    }

    private static TextInput[] InputsOf(JsonElement body)
    {
        var inputs = TextInput.ReadAll(body.Find("input") ?? throw new RequestRefusedException("Missing required parameter: 'input'.") { Param = "input" }, "input");
        if (inputs.Length > MaxInputs || inputs.Any(input => input.Text.Length == 0)) throw new RequestRefusedException("'$.input' is invalid.") { Param = "input" };
        if (inputs.Any(input => input.Tokens > MaxInputTokens))
        {
            throw new RequestRefusedException($"Invalid 'input': an input has at most {MaxInputTokens} tokens.") { Code = "context_length_exceeded", Param = "input" };
        }

        var tokens = inputs.Sum(input => input.Tokens);
        return tokens <= MaxTokens ? inputs : throw new RequestRefusedException($"Requested {tokens} tokens, max {MaxTokens} tokens per request") { Code = "max_tokens_per_request" };
    }

    private static int DimensionsOf(JsonElement body, string model)
    {
        var own = SandboxVector.SizeOf(model);
        if (body.Find("dimensions") is null) return own;
        if (model.Contains("ada-002", StringComparison.Ordinal)) throw new RequestRefusedException("This model does not support specifying dimensions.") { Param = "dimensions" };
        return body.FindInteger("dimensions") is { } asked && asked >= 1 && asked <= own ? asked
            : throw new RequestRefusedException($"Invalid value for 'dimensions': it must be between 1 and {own}.") { Param = "dimensions" };
    }
}
