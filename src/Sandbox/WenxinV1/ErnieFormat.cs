using System.Text.Json;
using Aigc2d.Sandbox.Calls;
using Aigc2d.Sandbox.Replies;
using Aigc2d.Sandbox.Scripts;

namespace Aigc2d.Sandbox.WenxinV1;

/// <summary>Writes Wenxin v1's answers: one result, one call at most, usage with every frame, is_end in the last.</summary>
public sealed class ErnieFormat : IChatFormat
{
    private const int Overloaded = 336_100;
    private static readonly WenxinDialect OwnDialect = new();

    public IDialect Dialect => OwnDialect;

    public ChatRequest Read(ScriptedCall asked) => ErnieRequest.Read(asked);

    public byte[] Plain(Reply reply) => SandboxJson.Bytes(json =>
    {
        WriteHead(json, reply);
        WriteAnswer(json, reply, reply.Text, reply.Calls.FirstOrDefault(), isEnd: true);
        if (reply.Usage is { } usage) WriteUsage(json, usage);
    });

    public byte[] PlainError(Reply reply) => ErrorOf(reply.Script);

    public void Open(FrameWriter frames, Reply reply)
    {
        // The first frame has text already.
    }

    public void Write(FrameWriter frames, Reply reply, Piece piece)
    {
        if (piece.Kind == PieceKind.Text) WriteFrame(frames, reply, piece.Number, piece.Text, null, isEnd: EndsWith(reply, piece));

        // A call comes in one frame, and there is one at most.
        if (piece is { Kind: PieceKind.Arguments, Call: 0, IsLast: true }) WriteFrame(frames, reply, piece.Number, "", reply.Calls[0], isEnd: false);
    }

    public void Close(FrameWriter frames, Reply reply)
    {
        var isOver = reply.Pieces.Length > 0 && EndsWith(reply, reply.Pieces[^1]);
        if (!isOver && !reply.Script.NoDone) WriteFrame(frames, reply, reply.Pieces.Length, "", null, isEnd: true);
        if (reply.Script.DoubleDone) WriteFrame(frames, reply, reply.Pieces.Length, "", null, isEnd: true);
    }

    public void WriteError(FrameWriter frames, Reply reply) => frames.WriteRaw(ErrorOf(reply.Script));

    public void WriteGarbage(FrameWriter frames) => frames.WriteRaw("{\"id\":\"as-7\",\"object\":\"chat.completion\",\"result\""u8);

    /// <summary>An error where an answer is expected.</summary>
    public static byte[] ErrorOf(Script script)
    {
        var code = script.ErrorCode ?? Overloaded;
        return SandboxJson.Bytes(WenxinDialect.Describe(code, WenxinDialect.MeaningOf(code)));
    }

    /// <summary>Text that ends an answer takes the mark along; a call, and text that a fault follows, leave it to a frame of its own.</summary>
    private static bool EndsWith(Reply reply, Piece piece) =>
        piece.Kind == PieceKind.Text && piece.Number == reply.Pieces.Length - 1 && !reply.Script.NoDone && !reply.Script.HasFaultAfter(reply.Pieces.Length);

    private static void WriteFrame(FrameWriter frames, Reply reply, int number, string result, ToolCall? call, bool isEnd) => frames.Write(json =>
    {
        WriteHead(json, reply);
        json.WriteNumber("sentence_id", number);
        json.WriteBoolean("is_end", isEnd);
        WriteAnswer(json, reply, result, call, isEnd);
        if (reply.Usage is { } usage) WriteUsage(json, isEnd ? usage : usage.SoFar(number + 1));
    });

    private static void WriteHead(Utf8JsonWriter json, Reply reply)
    {
        json.WriteString("id", $"as-{reply.Id}");
        json.WriteString("object", "chat.completion");
        json.WriteNumber("created", reply.CreatedSeconds);
    }

    private static void WriteAnswer(Utf8JsonWriter json, Reply reply, string result, ToolCall? call, bool isEnd)
    {
        json.WriteString("result", result);
        json.WriteBoolean("is_truncated", isEnd && reply.Ending == Ending.Length);
        json.WriteBoolean("need_clear_history", reply.Ending == Ending.Filter);
        if (reply.Ending == Ending.Filter) json.WriteNumber("ban_round", -1);
        if (isEnd && (reply.Script.Flag ?? (reply.Ending == Ending.Filter ? 2 : 0)) is > 0 and var flag) json.WriteNumber("flag", flag);
        if (call is not null)
        {
            json.WriteStartObject("function_call");
            json.WriteString("name", call.Name);
            json.WriteString("arguments", call.Arguments);
            json.WriteString("thoughts", $"The function {call.Name} can tell.");
            json.WriteEndObject();
        }

        json.WriteString("finish_reason", !isEnd && call is null ? "normal" : reply.Script.FinishReason ?? reply.Ending switch
        {
            Ending.Filter => "content_filter",
            Ending.Length => "length",
            Ending.Calls => "function_call",
            Ending.StopText => "stop",
            _ => "normal",
        });
    }

    private static void WriteUsage(Utf8JsonWriter json, ClaimedUsage usage)
    {
        json.WriteStartObject("usage");
        json.WriteRawNumber("prompt_tokens", usage.PromptTokens);
        json.WriteRawNumber("completion_tokens", usage.CompletionTokens);
        json.WriteRawNumber("total_tokens", usage.TotalTokens);
        json.WriteEndObject();
    }
}
