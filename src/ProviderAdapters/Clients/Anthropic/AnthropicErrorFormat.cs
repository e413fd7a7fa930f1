using System.Buffers;
using System.Text.Json;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ServiceDefaults.Http;

namespace Aigc2d.ProviderAdapters.Clients.Anthropic;

/// <summary>Errors as all of Anthropic's routes spell them: <c>{"type":"error","error":{"type","message"},"request_id"}</c>, with OpenAI's code as <c>error.details.error_code</c>.</summary>
internal static class AnthropicErrorFormat
{
    public static byte[] Body(ClientError error, int status, Guid requestId) => ChatFrames.Write(json =>
    {
        json.WriteString("type", "error");
        json.WriteStartObject("error");
        json.WriteString("type", AnthropicErrorTypes.Of(status));
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
}
