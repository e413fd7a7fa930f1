using System.Buffers;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;

namespace Aigc2d.ProviderAdapters.Clients.OpenAi;

/// <summary>Errors as all of OpenAI's routes spell them: <c>{"error":{"message","type","param","code"}}</c>.</summary>
internal static class OpenAiErrorFormat
{
    public static byte[] Body(ClientError error) => ChatFrames.Write(json =>
    {
        json.WriteStartObject("error");
        json.WriteString("message", error.Message);
        json.WriteString("type", error.Type);
        json.WriteString("param", error.Param);
        json.WriteString("code", error.Code);
        json.WriteEndObject();
    }).ToArray();

    public static void WriteFrame(IBufferWriter<byte> output, ClientError error) => ChatFrames.WriteEvent(output, Body(error));
}
