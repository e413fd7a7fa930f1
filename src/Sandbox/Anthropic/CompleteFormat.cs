using System.Text.Json;
using Aigc2d.Sandbox.Calls;
using Aigc2d.Sandbox.Replies;

namespace Aigc2d.Sandbox.Anthropic;

/// <summary>Anthropic's legacy completion: one prompt of turns in, one text out, without a word about tokens.</summary>
public sealed class CompleteFormat : IChatFormat
{
    private const string Human = "\n\nHuman:";
    private const string Assistant = "\n\nAssistant:";
    private static readonly AnthropicDialect OwnDialect = new();

    public IDialect Dialect => OwnDialect;

    public ChatRequest Read(ScriptedCall asked)
    {
        var body = asked.Body;
        if (asked.Model.Name.Length == 0) throw new RequestRefusedException("model: Field required");
        var prompt = body.FindText("prompt") ?? throw new RequestRefusedException("prompt: Field required");
        if (!prompt.StartsWith(Human, StringComparison.Ordinal)) throw new RequestRefusedException("prompt must start with \"\n\nHuman:\" turn");
        if (!prompt.TrimEnd().EndsWith(Assistant, StringComparison.Ordinal)) throw new RequestRefusedException("prompt must end with \"\n\nAssistant:\" turn");
        if (body.FindInteger("max_tokens_to_sample") is not (>= 1 and var maxTokens)) throw new RequestRefusedException("max_tokens_to_sample: Input should be a valid integer, at least 1");
        var last = prompt[(prompt.LastIndexOf(Human, StringComparison.Ordinal) + Human.Length)..];
        return new ChatRequest
        {
            Model = asked.Model.Name,
            Stream = body.IsTrue("stream"),
            MaxTokens = maxTokens,
            PromptTokens = SandboxTokens.Count(prompt),
            LastUserText = last[..last.LastIndexOf(Assistant, StringComparison.Ordinal)].Trim(),
            Stops = body.FindTexts("stop_sequences"),
        };
    }

    public byte[] Plain(Reply reply) => SandboxJson.Bytes(json => WriteMembers(json, reply, $" {reply.Text}", isEnd: true));

    public byte[] PlainError(Reply reply) => SandboxJson.Bytes(json => MessageParts.WriteErrorMembers(json, reply));

    public void Open(FrameWriter frames, Reply reply) => frames.Write(json => json.WriteString("type", "ping"), "ping");

    public void Write(FrameWriter frames, Reply reply, Piece piece)
    {
        if (piece.Kind != PieceKind.Text) return; // the format knows neither thinking nor tools
        frames.Write(json => WriteMembers(json, reply, piece.IsFirst ? $" {piece.Text}" : piece.Text, isEnd: false), "completion");
    }

    public void Close(FrameWriter frames, Reply reply)
    {
        if (!reply.Script.NoDone) frames.Write(json => WriteMembers(json, reply, "", isEnd: true), "completion");
        if (reply.Script.DoubleDone) frames.Write(json => WriteMembers(json, reply, "", isEnd: true), "completion");
    }

    public void WriteError(FrameWriter frames, Reply reply) => frames.Write(json => MessageParts.WriteErrorMembers(json, reply), "error");

    public void WriteGarbage(FrameWriter frames) => frames.WriteRaw("{\"type\":\"completion\",\"completion\":"u8, "completion");

    private static void WriteMembers(Utf8JsonWriter json, Reply reply, string text, bool isEnd)
    {
        json.WriteString("type", "completion");
        json.WriteString("id", $"compl_{reply.Id}");
        json.WriteString("completion", text);
        json.WriteString("stop_reason", !isEnd ? null : reply.Script.FinishReason ?? (reply.Ending == Ending.Length ? "max_tokens" : "stop_sequence"));
        json.WriteString("stop", !isEnd || reply.Ending == Ending.Length ? null : reply.StopText ?? Human);
        json.WriteString("model", reply.Request.Model);
        json.WriteString("log_id", $"compl_{reply.Id}");
    }
}
