using System.Text.Json;
using Aigc2d.Sandbox.Calls;
using Aigc2d.Sandbox.Replies;

namespace Aigc2d.Sandbox.OpenAi;

/// <summary>Writes OpenAI's completion and chunk objects, with the trimmings of who speaks them.</summary>
public class ChatFormat(IDialect dialect, ChatFamily family) : IChatFormat
{
    public IDialect Dialect => dialect;

    public virtual ChatRequest Read(ScriptedCall asked) => OpenAiChatRequest.Read(asked);

    public byte[] Plain(Reply reply) => SandboxJson.Bytes(json =>
    {
        WriteHead(json, reply, "chat.completion");
        if (family == ChatFamily.Azure) ContentFilters.WritePrompts(json);
        json.WriteStartArray("choices");
        for (var choice = 0; choice < reply.Request.Choices; choice++) WriteChoice(json, reply, choice);
        json.WriteEndArray();
        if (reply.Usage is { } usage) ChatParts.WriteUsage(json, usage);
        WriteFingerprint(json);
    });

    public byte[] PlainError(Reply reply) => SandboxJson.Bytes(json => ChatParts.WriteError(json, family, reply.Script, IdOf(reply)));

    public void Open(FrameWriter frames, Reply reply)
    {
        // Azure begins with a frame that has no choice at all.
        if (family == ChatFamily.Azure) frames.Write(json => ContentFilters.WriteOpening(json));
        for (var choice = 0; choice < reply.Request.Choices; choice++)
        {
            WriteChunk(frames, reply, choice, null, json =>
            {
                json.WriteString("role", "assistant");
                if (reply.Calls.Length == 0 || reply.Text.Length > 0) json.WriteString("content", "");
                else json.WriteNull("content");
                if (family != ChatFamily.Qianfan) json.WriteNull("refusal");
            });
        }
    }

    public void Write(FrameWriter frames, Reply reply, Piece piece)
    {
        for (var choice = 0; choice < reply.Request.Choices; choice++)
        {
            var index = choice;
            WriteChunk(frames, reply, choice, null, json =>
            {
                if (piece.Kind == PieceKind.Thinking) json.WriteString("reasoning_content", piece.Text);
                else if (piece.Kind == PieceKind.Text) json.WriteString("content", piece.Text);
                else ChatParts.WriteCallPiece(json, reply, index, piece);
            }, piece.Number + 1);
        }
    }

    public void Close(FrameWriter frames, Reply reply)
    {
        for (var choice = 0; choice < reply.Request.Choices; choice++) WriteChunk(frames, reply, choice, FinishReason(reply), _ => { }, reply.Pieces.Length);
        if (reply.Request.IncludeUsage && reply.Usage is { } usage)
        {
            frames.Write(json =>
            {
                WriteHead(json, reply, "chat.completion.chunk");
                json.WriteStartArray("choices");
                json.WriteEndArray();
                ChatParts.WriteUsage(json, usage);
            });
        }

        if (!reply.Script.NoDone) frames.WriteRaw("[DONE]"u8);
        if (reply.Script.DoubleDone) frames.WriteRaw("[DONE]"u8);
    }

    public void WriteError(FrameWriter frames, Reply reply) => frames.Write(json => ChatParts.WriteError(json, family, reply.Script, IdOf(reply)));

    public void WriteGarbage(FrameWriter frames) => frames.WriteRaw("{\"id\":\"chatcmpl-7\",\"choices\":[{\"index\":0,\"delta\""u8);

    private void WriteChoice(Utf8JsonWriter json, Reply reply, int choice)
    {
        json.WriteStartObject();
        json.WriteNumber("index", choice);
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        if (reply.Calls.Length == 0 || reply.Text.Length > 0) json.WriteString("content", reply.Text);
        else json.WriteNull("content");
        if (reply.Thinking.Length > 0) json.WriteString("reasoning_content", reply.Thinking);
        if (family != ChatFamily.Qianfan) json.WriteNull("refusal");
        if (reply.Calls.Length > 0) ChatParts.WriteCalls(json, reply, choice);
        json.WriteEndObject();
        WriteChoiceEnd(json, reply, FinishReason(reply));
        json.WriteEndObject();
    }

    private void WriteChunk(FrameWriter frames, Reply reply, int choice, string? finishReason, Action<Utf8JsonWriter> writeDelta, int sent = 0) => frames.Write(json =>
    {
        WriteHead(json, reply, "chat.completion.chunk");
        WriteFingerprint(json);
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", choice);
        json.WriteStartObject("delta");
        writeDelta(json);
        json.WriteEndObject();
        WriteChoiceEnd(json, reply, finishReason);
        json.WriteEndObject();
        json.WriteEndArray();
        if (reply.Request.UsageOnEveryFrame && family == ChatFamily.Qianfan && reply.Usage is { } usage) ChatParts.WriteUsage(json, usage.SoFar(sent));
        else if (reply.Request.IncludeUsage && family != ChatFamily.Qianfan) json.WriteNull("usage");
    });

    private void WriteChoiceEnd(Utf8JsonWriter json, Reply reply, string? finishReason)
    {
        if (family != ChatFamily.Qianfan) json.WriteNull("logprobs");
        json.WriteString("finish_reason", finishReason);
        if (family == ChatFamily.Azure) ContentFilters.WriteAnswer(json, reply.Ending == Ending.Filter && finishReason is not null);
        if (family == ChatFamily.Qianfan) json.WriteNumber("flag", reply.Script.Flag ?? (reply.Ending == Ending.Filter ? 2 : 0));
    }

    private void WriteHead(Utf8JsonWriter json, Reply reply, string kind)
    {
        json.WriteString("id", IdOf(reply));
        json.WriteString("object", kind);
        json.WriteNumber("created", reply.CreatedSeconds);
        json.WriteString("model", reply.Request.Model);
    }

    private void WriteFingerprint(Utf8JsonWriter json)
    {
        if (family != ChatFamily.Qianfan) json.WriteString("system_fingerprint", "fp_sandbox");
    }

    private string IdOf(Reply reply) => (family == ChatFamily.Qianfan ? "as-" : "chatcmpl-") + reply.Id;

    private static string FinishReason(Reply reply) => reply.Script.FinishReason ?? reply.Ending switch
    {
        Ending.Filter => "content_filter",
        Ending.Length => "length",
        Ending.Calls => "tool_calls",
        _ => "stop",
    };
}
