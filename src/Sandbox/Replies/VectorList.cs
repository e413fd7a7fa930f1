using System.Buffers.Binary;
using System.Text.Json;
using Aigc2d.Sandbox.Calls;

namespace Aigc2d.Sandbox.Replies;

/// <summary>The vectors of some texts and what counting them claims, as all who embed write them.</summary>
public static class VectorList
{
    /// <summary>Writes an answer.</summary>
    /// <param name="call">The call, which has behaved already.</param>
    /// <param name="inputs">A vector each.</param>
    /// <param name="size">Of every vector.</param>
    /// <param name="asBase64">Little-endian single-precision numbers instead of a JSON array.</param>
    /// <param name="writeHead">The members that come first, each provider's own.</param>
    public static byte[] Bytes(ScriptedCall call, TextInput[] inputs, int size, bool asBase64, Action<Utf8JsonWriter> writeHead) => SandboxJson.Bytes(json =>
    {
        writeHead(json);
        json.WriteStartArray("data");
        for (var index = 0; index < inputs.Length; index++)
        {
            json.WriteStartObject();
            json.WriteString("object", "embedding");
            json.WriteNumber("index", index);
            WriteVector(json, SandboxVector.Of(inputs[index].Text, size), asBase64);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteUsage(json, ClaimedUsage.Of(call.Script, inputs.Sum(input => input.Tokens)));
    });

    /// <summary>Usage where nothing is put out.</summary>
    public static void WriteUsage(Utf8JsonWriter json, ClaimedUsage? usage)
    {
        if (usage is null) return;
        json.WriteStartObject("usage");
        json.WriteRawNumber("prompt_tokens", usage.PromptTokens);
        json.WriteRawNumber("total_tokens", usage.PromptTokens);
        json.WriteEndObject();
    }

    private static void WriteVector(Utf8JsonWriter json, float[] vector, bool asBase64)
    {
        if (asBase64)
        {
            var bytes = new byte[vector.Length * sizeof(float)];
            for (var i = 0; i < vector.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), vector[i]);
            json.WriteBase64String("embedding", bytes);
            return;
        }

        json.WriteStartArray("embedding");
        foreach (var number in vector) json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}
