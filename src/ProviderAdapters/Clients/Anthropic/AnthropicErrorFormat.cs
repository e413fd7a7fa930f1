using System.Buffers;
using System.Text.Json;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;

namespace Aigc2d.ProviderAdapters.Clients.Anthropic;

/// <summary>Errors as all of Anthropic's routes spell them: <c>{"type":"error","error":{"type","message"},"request_id"}</c>, with OpenAI's code as <c>error.details.error_code</c>.</summary>
internal static class AnthropicErrorFormat
{
    public static byte[] Body(ClientError error, int status, Guid requestId) => ChatFrames.Write(json =>
    {
        json.WriteString("type", "error");
        json.WriteStartObject("error");
        json.WriteString("type", TypeOf(status));
        json.WriteString("message", error.Message);
        if (error.Code is not null || error.Param is not null) WriteDetails(json, error);
        json.WriteEndObject();
        json.WriteString("request_id", requestId.ToString());
    }).ToArray();

    public static void WriteFrame(IBufferWriter<byte> output, ClientError error, int status, Guid requestId)
    {
        output.Write("event: error\n"u8);
        ChatFrames.WriteEvent(output, Body(error, status, requestId));
    }

    private static void WriteDetails(Utf8JsonWriter json, ClientError error)
    {
        json.WriteStartObject("details");
        if (error.Code is { } code) json.WriteString("error_code", code);
        if (error.Param is { } param) json.WriteString("param", param);
        json.WriteEndObject();
    }

    /// <summary>Anthropic's type of an error by its status (https://docs.anthropic.com/en/api/errors).</summary>
    private static string TypeOf(int status) => status switch
    {
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        408 or 504 => "timeout_error",
        409 => "conflict_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        503 or 529 => "overloaded_error",
        >= 500 => "api_error",
        _ => "invalid_request_error",
    };
}
