using System.Buffers;
using Aigc2d.ProviderAdapters.Adapters.Anthropic;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Usage;

namespace Aigc2d.ProviderAdapters.Clients.Anthropic;

/// <summary>Writes the events of a stream in Anthropic's dialect. A piece of text costs no allocation of its own.</summary>
internal static class MessageEvents
{
    /// <summary>An event that came from a provider.</summary>
    public static void WritePassed(IBufferWriter<byte> output, FrameKind kind, ReadOnlySpan<byte> data)
    {
        output.Write("event: "u8);
        output.Write(FrameKinds.NameOf(kind));
        output.Write("\n"u8);
        ChatFrames.WriteEvent(output, data);
    }

    /// <summary>The beginning of a message, and a ping behind it as Anthropic sends one.</summary>
    public static void WriteStart(IBufferWriter<byte> output, string id, AnswerHead head, int inputTokens)
    {
        WritePassed(output, FrameKind.MessageStart, ChatFrames.Write(json =>
        {
            json.WriteString("type", "message_start");
            json.WriteStartObject("message");
            MessageBodies.WriteMembers(json, id, head, [], null, new TokenCounts(inputTokens, 0));
            json.WriteEndObject();
        }));
        WritePassed(output, FrameKind.Ping, "{\"type\":\"ping\"}"u8);
    }

    public static void WriteBlockStart(IBufferWriter<byte> output, int index, MessageBlock block) => WritePassed(output, FrameKind.BlockStart, ChatFrames.Write(json =>
    {
        json.WriteString("type", "content_block_start");
        json.WriteNumber("index", index);
        json.WriteStartObject("content_block");
        MessageBodies.WriteBlock(json, block, isStart: true);
        json.WriteEndObject();
    }));

    public static void WriteDelta(IBufferWriter<byte> output, int index, BlockKind kind, string text)
    {
        output.Write("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":"u8);
        Span<byte> number = stackalloc byte[11];
        index.TryFormat(number, out var digits);
        output.Write(number[..digits]);
        output.Write(kind switch
        {
            BlockKind.Thinking => ",\"delta\":{\"type\":\"thinking_delta\",\"thinking\":"u8,
            BlockKind.Tool => ",\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":"u8,
            _ => ",\"delta\":{\"type\":\"text_delta\",\"text\":"u8,
        });
        var json = ThreadJson.Borrow(output);
        json.WriteStringValue(text);
        json.Flush();
        ThreadJson.Return(json);
        output.Write("}}\n\n"u8);
    }

    public static void WriteBlockStop(IBufferWriter<byte> output, int index) => WritePassed(output, FrameKind.BlockStop, ChatFrames.Write(json =>
    {
        json.WriteString("type", "content_block_stop");
        json.WriteNumber("index", index);
    }));

    /// <summary>Why the message ended and what it used.</summary>
    public static void WriteReason(IBufferWriter<byte> output, string stopReason, string? stopText, TokenCounts tokens) => WritePassed(output, FrameKind.MessageDelta, ChatFrames.Write(json =>
    {
        json.WriteString("type", "message_delta");
        json.WriteStartObject("delta");
        MessageBodies.WriteReason(json, stopReason, stopText);
        json.WriteEndObject();
        json.WriteStartObject("usage");
        MessageBodies.WriteCounts(json, tokens);
        json.WriteEndObject();
    }));

    public static void WriteStop(IBufferWriter<byte> output) => WritePassed(output, FrameKind.MessageStop, "{\"type\":\"message_stop\"}"u8);
}
