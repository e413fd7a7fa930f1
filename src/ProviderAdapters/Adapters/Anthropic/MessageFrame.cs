using System.Text;
using System.Text.Json;

namespace Aigc2d.ProviderAdapters.Adapters.Anthropic;

/// <summary>What an object of the wire is.</summary>
internal enum FrameKind
{
    /// <summary>Nothing of Anthropic's: it does not say what it is.</summary>
    None,

    /// <summary>A ping, or something newer than this code.</summary>
    Other,
    Message,
    MessageStart,
    BlockStart,
    BlockDelta,
    BlockStop,
    MessageDelta,
    MessageStop,
}

/// <summary>A block as it begins, or as a whole. Only tools that the client has to run have a name here.</summary>
internal readonly record struct ContentBlock(string? Text, string? Thinking, string? ToolId, string? ToolName, string? Input);

/// <summary>One JSON object of the wire taken apart, whatever the order of its members. Each read replaces the last, save the usage, which adds up.</summary>
internal sealed class MessageFrame
{
    private readonly List<ContentBlock> _blocks = [];
    private MessageUsage _usage;

    public FrameKind Kind { get; private set; }

    public bool HasError { get; private set; }

    public IReadOnlyList<ContentBlock> Blocks => _blocks;

    public string? Text { get; private set; }

    public string? Thinking { get; private set; }

    public string? PartialJson { get; private set; }

    public string? StopReason { get; private set; }

    public bool HasUsage { get; private set; }

    public MessageUsage Usage => _usage;

    /// <summary>False when it is not a JSON object, or a member has another type than the format says.</summary>
    public bool TryRead(ReadOnlySpan<byte> json)
    {
        _blocks.Clear();
        (Kind, HasError, HasUsage, Text, Thinking, PartialJson, StopReason) = (FrameKind.None, false, false, null, null, null, null);
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName) ReadMember(ref reader, json);
            if (Kind == FrameKind.MessageStart) _usage.ForgetOutput();
            return !reader.Read();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    private void ReadMember(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        if (reader.ValueTextEquals("type"u8))
        {
            reader.Read();
            Kind = KindOf(ref reader);
        }
        else if (reader.ValueTextEquals("delta"u8)) ReadObject(ref reader, json, static (MessageFrame frame, ref Utf8JsonReader delta, ReadOnlySpan<byte> _) => frame.ReadDelta(ref delta));
        else if (reader.ValueTextEquals("content_block"u8)) ReadObject(ref reader, json, static (MessageFrame frame, ref Utf8JsonReader block, ReadOnlySpan<byte> json) => frame.ReadBlock(ref block, json));
        else if (reader.ValueTextEquals("message"u8)) ReadObject(ref reader, json, static (MessageFrame frame, ref Utf8JsonReader message, ReadOnlySpan<byte> json) => frame.ReadStart(ref message, json));
        else if (reader.ValueTextEquals("usage"u8)) ReadObject(ref reader, json, static (MessageFrame frame, ref Utf8JsonReader usage, ReadOnlySpan<byte> _) => frame.ReadUsage(ref usage));
        else if (reader.ValueTextEquals("stop_reason"u8)) StopReason = ReadText(ref reader);
        else if (reader.ValueTextEquals("content"u8)) ReadContent(ref reader, json);
        else if (reader.ValueTextEquals("error"u8))
        {
            reader.Read();
            HasError |= reader.TokenType != JsonTokenType.Null;
            reader.Skip();
        }
        else reader.Skip();
    }

    private FrameKind KindOf(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("content_block_delta"u8)) return FrameKind.BlockDelta;
        if (reader.ValueTextEquals("content_block_start"u8)) return FrameKind.BlockStart;
        if (reader.ValueTextEquals("content_block_stop"u8)) return FrameKind.BlockStop;
        if (reader.ValueTextEquals("message_start"u8)) return FrameKind.MessageStart;
        if (reader.ValueTextEquals("message_delta"u8)) return FrameKind.MessageDelta;
        if (reader.ValueTextEquals("message_stop"u8)) return FrameKind.MessageStop;
        if (reader.ValueTextEquals("message"u8)) return FrameKind.Message;
        HasError |= reader.ValueTextEquals("error"u8);
        return FrameKind.Other;
    }

    /// <summary>Hands the object on that is the member's value; any other value is passed over.</summary>
    private void ReadObject(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, MemberReader read)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject) read(this, ref reader, json);
        else reader.Skip();
    }

    /// <summary>The kind of a delta shows in which member it has.</summary>
    private void ReadDelta(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("text"u8)) Text = ReadText(ref reader);
            else if (reader.ValueTextEquals("thinking"u8)) Thinking = ReadText(ref reader);
            else if (reader.ValueTextEquals("partial_json"u8)) PartialJson = ReadText(ref reader);
            else if (reader.ValueTextEquals("stop_reason"u8)) StopReason = ReadText(ref reader);
            else reader.Skip();
        }
    }

    private void ReadContent(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject) ReadBlock(ref reader, json);
        if (reader.TokenType != JsonTokenType.EndArray) throw new FormatException();
    }

    private void ReadBlock(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var (isTool, isText) = (false, false);
        string? text = null, thinking = null, id = null, name = null, input = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                isTool = reader.ValueTextEquals("tool_use"u8);
                isText = reader.ValueTextEquals("text"u8) || reader.ValueTextEquals("thinking"u8);
            }
            else if (reader.ValueTextEquals("text"u8)) text = ReadText(ref reader);
            else if (reader.ValueTextEquals("thinking"u8)) thinking = ReadText(ref reader);
            else if (reader.ValueTextEquals("id"u8)) id = ReadText(ref reader);
            else if (reader.ValueTextEquals("name"u8)) name = ReadText(ref reader);
            else if (reader.ValueTextEquals("input"u8)) input = ReadRaw(ref reader, json);
            else reader.Skip();
        }

        _blocks.Add(isTool ? new ContentBlock(null, null, id, name ?? "", input ?? "{}") : isText ? new ContentBlock(text, thinking, null, null, null) : default);
    }

    private void ReadStart(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("usage"u8)) ReadObject(ref reader, json, static (MessageFrame frame, ref Utf8JsonReader usage, ReadOnlySpan<byte> _) => frame.ReadUsage(ref usage));
            else reader.Skip();
        }
    }

    private void ReadUsage(ref Utf8JsonReader reader)
    {
        _usage.Read(ref reader);
        HasUsage = true;
    }

    private static string? ReadText(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String) return ShownText.Read(ref reader);
        reader.Skip();
        return null;
    }

    private static string ReadRaw(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return Encoding.UTF8.GetString(json[start..(int)reader.BytesConsumed]);
    }

    private delegate void MemberReader(MessageFrame frame, ref Utf8JsonReader reader, ReadOnlySpan<byte> json);
}
