using System.Text.Json;

namespace Aigc2d.ProviderAdapters.Adapters.OpenAi;

/// <summary>
/// Reads what matters of a completion or of one chunk of a stream: texts, tool calls, finish reasons, usage and an error. One instance serves a
/// whole stream; each read replaces what the last one found.
/// </summary>
internal sealed class ChatAnswerReader : IAnswerReader
{
    private readonly List<AnswerDelta> _deltas = [];
    private readonly List<(int Choice, string? FinishReason)> _choices = [];
    private readonly ToolCallReader _tools;

    public ChatAnswerReader() => _tools = new ToolCallReader(_deltas);

    public IReadOnlyList<AnswerDelta> Deltas => _deltas;

    public IReadOnlyList<(int Choice, string? FinishReason)> Choices => _choices;

    public bool HasError { get; private set; }

    public bool IsEnd { get; private set; }

    public ClaimedUsage? Usage { get; private set; }

    /// <summary>The bytes of the usage member with the one comma that belongs to it; empty when there is none.</summary>
    public Range UsageMember { get; private set; }

    public AnswerHead Head { get; private set; } = new();

    public bool TryReadPlain(ReadOnlySpan<byte> body)
    {
        _tools.Forget();
        if (!TryRead(body) || !(HasError || _choices.Count > 0)) return false;

        // Members of a message have no order; what they say has one.
        AnswerDelta[] ordered = [.. _deltas.OrderBy(delta => delta.Kind == DeltaKind.Thought ? 0 : delta.Kind < DeltaKind.ToolStart ? 1 : 2)];
        _deltas.Clear();
        _deltas.AddRange(ordered);
        return true;
    }

    public bool TryReadEvent(ReadOnlySpan<byte> data)
    {
        if (!data.Trim((byte)' ').SequenceEqual("[DONE]"u8)) return TryRead(data);

        Clear();
        return IsEnd = true;
    }

    /// <summary>Reads one completion or chunk; false when it is not a JSON object of this kind.</summary>
    public bool TryRead(ReadOnlySpan<byte> json)
    {
        Clear();
        var known = Head;
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName) ReadMember(ref reader, json);

            // A chunk about nothing has empty names, which must not stand for the answer's.
            if (_choices.Count == 0 && Usage is null) Head = known;
            return !reader.Read();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            // Not JSON, a value of another type than the format says, or text that is not UTF-8: garbage all the same.
            return false;
        }
    }

    private void Clear()
    {
        _deltas.Clear();
        _choices.Clear();
        _tools.Clear();
        (HasError, IsEnd, Usage, UsageMember) = (false, false, null, default);
    }

    private void ReadMember(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        if (reader.ValueTextEquals("choices"u8))
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.Null) return;
            if (reader.TokenType != JsonTokenType.StartArray) throw new FormatException();
            while (reader.Read() && reader.TokenType == JsonTokenType.StartObject) ReadChoice(ref reader, json);
            if (reader.TokenType != JsonTokenType.EndArray) throw new FormatException();
        }
        else if (reader.ValueTextEquals("usage"u8))
        {
            var start = (int)reader.TokenStartIndex;
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject) Usage = ClaimedUsage.Read(ref reader);
            else reader.Skip();
            UsageMember = WithComma(json, start, (int)reader.BytesConsumed);
        }
        else if (reader.ValueTextEquals("error"u8))
        {
            reader.Read();
            HasError |= reader.TokenType != JsonTokenType.Null;
            reader.Skip();
        }
        else if (Head.Id.IsEmpty && reader.ValueTextEquals("id"u8)) Head = Head with { Id = ReadRaw(ref reader, json) };
        else if (Head.Created.IsEmpty && reader.ValueTextEquals("created"u8)) Head = Head with { Created = ReadRaw(ref reader, json) };
        else if (Head.Model.IsEmpty && reader.ValueTextEquals("model"u8)) Head = Head with { Model = ReadRaw(ref reader, json) };
        else reader.Skip();
    }

    private void ReadChoice(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var choice = 0;
        string? finishReason = null;
        var firstPiece = _deltas.Count;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("index"u8))
            {
                reader.Read();
                choice = reader.GetInt32();
            }
            else if (reader.ValueTextEquals("finish_reason"u8))
            {
                reader.Read();
                finishReason = reader.GetString();
            }
            else if (reader.ValueTextEquals("delta"u8) || reader.ValueTextEquals("message"u8))
            {
                ReadTexts(ref reader, json);
            }
            else if (reader.ValueTextEquals("text"u8))
            {
                // A choice of the old completions is its text.
                reader.Read();
                if (reader.TokenType == JsonTokenType.String && !reader.ValueSpan.IsEmpty) _deltas.Add(new AnswerDelta(0, DeltaKind.Text, ShownText.Read(ref reader)));
                else reader.Skip();
            }
            else
            {
                reader.Skip();
            }
        }

        // The index may stand behind the text.
        for (var i = firstPiece; i < _deltas.Count; i++) _deltas[i] = _deltas[i] with { Choice = choice };
        _tools.Give(choice);
        _choices.Add((choice, finishReason));
    }

    /// <summary>Every text that is shown: content and its parts, refusals, thoughts, tool calls with their arguments, transcripts.</summary>
    private void ReadTexts(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType != JsonTokenType.PropertyName) continue;
            if (KindOf(ref reader) is { } kind)
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String && !reader.ValueSpan.IsEmpty) _deltas.Add(new AnswerDelta(0, kind, ShownText.Read(ref reader)));
            }
            else if (reader.CurrentDepth > depth + 1) continue;
            else if (reader.ValueTextEquals("tool_calls"u8)) _tools.ReadCalls(ref reader, json);
            else if (reader.ValueTextEquals("function_call"u8)) _tools.ReadFunctionCall(ref reader, json);
        }
    }

    /// <summary>What the member that the reader stands at shows; null when nobody sees it.</summary>
    internal static DeltaKind? KindOf(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("content"u8) || reader.ValueTextEquals("text"u8) || reader.ValueTextEquals("transcript"u8)) return DeltaKind.Text;
        if (reader.ValueTextEquals("arguments"u8) || reader.ValueTextEquals("input"u8)) return DeltaKind.ToolArguments;
        if (reader.ValueTextEquals("reasoning_content"u8) || reader.ValueTextEquals("reasoning"u8)) return DeltaKind.Thought;
        return reader.ValueTextEquals("refusal"u8) ? DeltaKind.Refusal : null;
    }

    private static ReadOnlyMemory<byte> ReadRaw(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[start..(int)reader.BytesConsumed].ToArray();
    }

    private static Range WithComma(ReadOnlySpan<byte> json, int start, int end)
    {
        var before = json[..start].TrimEnd(" \t\r\n"u8);
        if (before[^1] == (byte)',') return (before.Length - 1)..end;
        var after = json[end..].TrimStart(" \t\r\n"u8);
        return after[0] == (byte)',' ? start..(json.Length - after.Length + 1) : start..end;
    }
}
