using System.Text;
using System.Text.Json;
using Aigc2d.Sandbox.Calls;
using Aigc2d.Sandbox.Replies;

namespace Aigc2d.Sandbox.Anthropic;

/// <summary>Writes Anthropic's message and the events of its stream.</summary>
public sealed class MessagesFormat : IChatFormat
{
    private static readonly AnthropicDialect OwnDialect = new();

    public IDialect Dialect => OwnDialect;

    public ChatRequest Read(ScriptedCall asked) => MessagesRequest.Read(asked);

    public byte[] Plain(Reply reply) => SandboxJson.Bytes(json =>
    {
        WriteHead(json, reply);
        json.WriteStartArray("content");
        if (reply.Thinking.Length > 0)
        {
            WriteBlock(json, "thinking", () =>
            {
                json.WriteString("thinking", reply.Thinking);
                json.WriteString("signature", SignatureOf(reply));
            });
        }

        if (reply.Text.Length > 0) WriteBlock(json, "text", () => json.WriteString("text", reply.Text));
        foreach (var call in reply.Calls) WriteBlock(json, "tool_use", () => WriteCall(json, call, call.Arguments.Length == 0 ? "{}" : call.Arguments));
        json.WriteEndArray();
        MessageParts.WriteEnding(json, reply);
        if (reply.Usage is { } usage) MessageParts.WriteUsage(json, usage);
    });

    public byte[] PlainError(Reply reply) => SandboxJson.Bytes(json => MessageParts.WriteErrorMembers(json, reply));

    public void Open(FrameWriter frames, Reply reply) => WriteEvent(frames, "message_start", json =>
    {
        json.WriteStartObject("message");
        WriteHead(json, reply);
        json.WriteStartArray("content");
        json.WriteEndArray();
        json.WriteNull("stop_reason");
        json.WriteNull("stop_sequence");
        if (reply.Usage is { } usage) MessageParts.WriteUsage(json, usage.SoFar(1));
        json.WriteEndObject();
    });

    public void Write(FrameWriter frames, Reply reply, Piece piece)
    {
        var index = IndexOf(reply, piece);
        if (piece.IsFirst) WriteStart(frames, reply, piece, index);
        if (piece.Number == 0) WriteEvent(frames, "ping", _ => { });
        var (kind, member) = piece.Kind switch
        {
            PieceKind.Thinking => ("thinking_delta", "thinking"),
            PieceKind.Text => ("text_delta", "text"),
            _ => ("input_json_delta", "partial_json"),
        };
        WriteDelta(frames, index, kind, member, piece.Text);
        if (!piece.IsLast) return;

        if (piece.Kind == PieceKind.Thinking) WriteDelta(frames, index, "signature_delta", "signature", SignatureOf(reply));
        WriteEvent(frames, "content_block_stop", json => json.WriteNumber("index", index));
    }

    public void Close(FrameWriter frames, Reply reply)
    {
        WriteEvent(frames, "message_delta", json =>
        {
            json.WriteStartObject("delta");
            MessageParts.WriteEnding(json, reply);
            json.WriteEndObject();
            if (reply.Usage is { } usage) MessageParts.WriteUsage(json, usage);
        });
        if (!reply.Script.NoDone) WriteEvent(frames, "message_stop", _ => { });
        if (reply.Script.DoubleDone) WriteEvent(frames, "message_stop", _ => { });
    }

    public void WriteError(FrameWriter frames, Reply reply) => frames.Write(json => MessageParts.WriteErrorMembers(json, reply), "error");

    public void WriteGarbage(FrameWriter frames) => frames.WriteRaw("{\"type\":\"content_block_delta\",\"index\":0,\"delta\""u8, "content_block_delta");

    private static void WriteStart(FrameWriter frames, Reply reply, Piece piece, int index) => WriteEvent(frames, "content_block_start", json =>
    {
        json.WriteNumber("index", index);
        json.WriteStartObject("content_block");
        switch (piece.Kind)
        {
            case PieceKind.Thinking:
                json.WriteString("type", "thinking");
                json.WriteString("thinking", "");
                json.WriteString("signature", "");
                break;
            case PieceKind.Text:
                json.WriteString("type", "text");
                json.WriteString("text", "");
                break;
            default:
                json.WriteString("type", "tool_use");
                WriteCall(json, reply.Calls[piece.Call], "{}");
                break;
        }

        json.WriteEndObject();
    });

    private static void WriteDelta(FrameWriter frames, int index, string kind, string member, string text) => WriteEvent(frames, "content_block_delta", json =>
    {
        json.WriteNumber("index", index);
        json.WriteStartObject("delta");
        json.WriteString("type", kind);
        json.WriteString(member, text);
        json.WriteEndObject();
    });

    private static void WriteEvent(FrameWriter frames, string name, Action<Utf8JsonWriter> writeMembers) => frames.Write(
        json =>
        {
            json.WriteString("type", name);
            writeMembers(json);
        },
        name);

    /// <summary>Thinking is the first block, the text the next, then each call has one.</summary>
    private static int IndexOf(Reply reply, Piece piece) => piece.Kind switch
    {
        PieceKind.Thinking => 0,
        PieceKind.Text => reply.Thinking.Length > 0 ? 1 : 0,
        _ => (reply.Thinking.Length > 0 ? 1 : 0) + (reply.Text.Length > 0 ? 1 : 0) + piece.Call,
    };

    private static void WriteHead(Utf8JsonWriter json, Reply reply)
    {
        json.WriteString("id", $"msg_{reply.Id}");
        json.WriteString("type", "message");
        json.WriteString("role", "assistant");
        json.WriteString("model", reply.Request.Model);
    }

    private static void WriteBlock(Utf8JsonWriter json, string kind, Action writeMembers)
    {
        json.WriteStartObject();
        json.WriteString("type", kind);
        writeMembers();
        json.WriteEndObject();
    }

    private static void WriteCall(Utf8JsonWriter json, ToolCall call, string input)
    {
        json.WriteString("id", $"toolu_{call.Id}");
        json.WriteString("name", call.Name);
        json.WritePropertyName("input");
        json.WriteRawValue(input, skipInputValidation: true);
    }

    private static string SignatureOf(Reply reply) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"signed {reply.Id}"));
}
