using System.Text.Json;
using Aigc2d.Sandbox.Calls;
using Aigc2d.Sandbox.Replies;

namespace Aigc2d.Sandbox.OpenAi;

/// <summary>Writes OpenAI's legacy completion, whose frames are named as the whole: it knows text only, neither thinking nor tools.</summary>
public sealed class CompletionsFormat(IDialect dialect, ChatFamily family) : IChatFormat
{
    public IDialect Dialect => dialect;

    public ChatRequest Read(ScriptedCall asked) => CompletionRequest.Read(asked);

    public byte[] Plain(Reply reply) => SandboxJson.Bytes(json =>
    {
        WriteHead(json, reply);
        if (family == ChatFamily.Azure) ContentFilters.WritePrompts(json, reply.Request.Beginnings.Length);
        json.WriteStartArray("choices");
        for (var choice = 0; choice < reply.Request.Choices; choice++) WriteChoice(json, reply, choice, BeginningOf(reply, choice) + reply.Text, FinishReason(reply));
        json.WriteEndArray();
        if (reply.Usage is { } usage) ChatParts.WriteUsage(json, usage);
    });

    public byte[] PlainError(Reply reply) => SandboxJson.Bytes(json => ChatParts.WriteError(json, family, reply.Script, ""));

    public void Open(FrameWriter frames, Reply reply)
    {
        if (family == ChatFamily.Azure) frames.Write(json => ContentFilters.WriteOpening(json, reply.Request.Beginnings.Length));
        for (var choice = 0; choice < reply.Request.Choices; choice++)
        {
            if (BeginningOf(reply, choice) is { Length: > 0 } beginning) WriteFrame(frames, reply, choice, beginning, null);
        }
    }

    public void Write(FrameWriter frames, Reply reply, Piece piece)
    {
        if (piece.Kind != PieceKind.Text) return;
        for (var choice = 0; choice < reply.Request.Choices; choice++) WriteFrame(frames, reply, choice, piece.Text, null);
    }

    public void Close(FrameWriter frames, Reply reply)
    {
        for (var choice = 0; choice < reply.Request.Choices; choice++) WriteFrame(frames, reply, choice, "", FinishReason(reply));
        if (reply.Request.IncludeUsage && reply.Usage is { } usage)
        {
            frames.Write(json =>
            {
                WriteHead(json, reply);
                json.WriteStartArray("choices");
                json.WriteEndArray();
                ChatParts.WriteUsage(json, usage);
            });
        }

        if (!reply.Script.NoDone) frames.WriteRaw("[DONE]"u8);
        if (reply.Script.DoubleDone) frames.WriteRaw("[DONE]"u8);
    }

    public void WriteError(FrameWriter frames, Reply reply) => frames.Write(json => ChatParts.WriteError(json, family, reply.Script, ""));

    public void WriteGarbage(FrameWriter frames) => frames.WriteRaw("{\"id\":\"cmpl-7\",\"choices\":[{\"text\""u8);

    private void WriteFrame(FrameWriter frames, Reply reply, int choice, string text, string? finishReason) => frames.Write(json =>
    {
        WriteHead(json, reply);
        json.WriteStartArray("choices");
        WriteChoice(json, reply, choice, text, finishReason);
        json.WriteEndArray();
        if (reply.Request.IncludeUsage) json.WriteNull("usage");
    });

    private void WriteChoice(Utf8JsonWriter json, Reply reply, int choice, string text, string? finishReason)
    {
        json.WriteStartObject();
        json.WriteString("text", text);
        json.WriteNumber("index", choice);
        json.WriteNull("logprobs");
        json.WriteString("finish_reason", finishReason);
        if (family == ChatFamily.Azure) ContentFilters.WriteAnswer(json, reply.Ending == Ending.Filter && finishReason is not null);
        json.WriteEndObject();
    }

    private static void WriteHead(Utf8JsonWriter json, Reply reply)
    {
        json.WriteString("id", $"cmpl-{reply.Id}");
        json.WriteString("object", "text_completion");
        json.WriteNumber("created", reply.CreatedSeconds);
        json.WriteString("model", reply.Request.Model);
    }

    /// <summary>The choices of a prompt follow each other.</summary>
    private static string BeginningOf(Reply reply, int choice) =>
        reply.Request.Beginnings[choice / (reply.Request.Choices / reply.Request.Beginnings.Length)];

    private static string FinishReason(Reply reply) => reply.Script.FinishReason ?? reply.Ending switch
    {
        Ending.Filter => "content_filter",
        Ending.Length => "length",
        _ => "stop",
    };
}
