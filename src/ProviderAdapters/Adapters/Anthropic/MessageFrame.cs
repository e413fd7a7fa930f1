using System.Text;
using System.Text.Json;

namespace Aigc2d.ProviderAdapters.Adapters.Anthropic;

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

    /// <summary>Which of the stop texts it was.</summary>
    public string? StopText { get; private set; }

    /// <summary>What the provider's content rules have found, in its own word.</summary>
    public string? RefusedFor { get; private set; }

    public bool HasUsage { get; private set; }

    /// <summary>Which block an event is about; -1 when it does not say.</summary>
    public int Index { get; private set; }

    /// <summary>Where the value of the object's own usage lies; empty when it has none.</summary>
    public Range UsageValue { get; private set; }

    public MessageUsage Usage => _usage;

    /// <summary>False when it is not a JSON object, or a member has another type than the format says.</summary>
    public bool TryRead(ReadOnlySpan<byte> json)
    {
        _blocks.Clear();
        (Kind, HasError, HasUsage, Text, Thinking, PartialJson, StopReason, StopText) = (FrameKind.None, false, false, null, null, null, null, null);
        (Index, UsageValue, RefusedFor) = (-1, default, null);
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
            Kind = FrameKinds.Of(ref reader);
            HasError |= reader.ValueTextEquals("error"u8);
        }
        else if (reader.ValueTextEquals("delta"u8))
        {
            if (OpensObject(ref reader)) ReadDelta(ref reader);
        }
        else if (reader.ValueTextEquals("content_block"u8))
        {
            if (OpensObject(ref reader)) ReadBlock(ref reader, json);
        }
        else if (reader.ValueTextEquals("message"u8))
        {
            if (OpensObject(ref reader)) ReadStart(ref reader);
        }
        else if (reader.ValueTextEquals("usage"u8))
        {
            ReadUsage(ref reader, out var start);
            UsageValue = start..(int)reader.BytesConsumed;
        }
        else if (reader.ValueTextEquals("index"u8))
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var index)) Index = index;
            else reader.Skip();
        }
        else if (reader.ValueTextEquals("stop_reason"u8)) StopReason = ReadText(ref reader);
        else if (reader.ValueTextEquals("stop_sequence"u8)) StopText = ReadText(ref reader);
        else if (reader.ValueTextEquals("stop_details"u8)) ReadStopDetails(ref reader);
        else if (reader.ValueTextEquals("content"u8)) ReadContent(ref reader, json);
        else if (reader.ValueTextEquals("error"u8))
        {
            reader.Read();
            HasError |= reader.TokenType != JsonTokenType.Null;
            reader.Skip();
        }
        else reader.Skip();
    }

    /// <summary>Whether the member's value is an object, in which the reader then stands; any other is passed over.</summary>
    private static bool OpensObject(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject) return true;
        reader.Skip();
        return false;
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
            else if (reader.ValueTextEquals("stop_sequence"u8)) StopText = ReadText(ref reader);
            else if (reader.ValueTextEquals("stop_details"u8)) ReadStopDetails(ref reader);
            else reader.Skip();
        }
    }

    private void ReadStopDetails(ref Utf8JsonReader reader)
    {
        if (!OpensObject(ref reader)) return;

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("category"u8)) RefusedFor = Adapters.RefusedFor.Of(ReadText(ref reader));
            else reader.Read();
            reader.Skip();
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
        var (isTool, isText, start) = (false, false, (int)reader.TokenStartIndex);
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

        if (isTool) _blocks.Add(new ContentBlock(null, null, id, name ?? "", input ?? "{}"));
        else if (isText) _blocks.Add(new ContentBlock(text, thinking, null, null, null));
        else _blocks.Add(new ContentBlock { Other = OtherBlock.TextOf(json[start..(int)reader.BytesConsumed]) });
    }

    private void ReadStart(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("usage"u8)) ReadUsage(ref reader, out _);
            else reader.Skip();
        }
    }

    private void ReadUsage(ref Utf8JsonReader reader, out int start)
    {
        reader.Read();
        start = (int)reader.TokenStartIndex;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

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
}
