using System.Text;
using System.Text.Json;

namespace Aigc2d.ProviderAdapters.Adapters.OpenAi;

/// <summary>Text that a client would see: part of one choice.</summary>
public readonly record struct TextPiece(int Choice, string Text);

/// <summary>
/// Reads what matters of a completion or of one chunk of a stream: texts, finish reasons, usage and an error. One instance serves a whole
/// stream; each read replaces what the last one found.
/// </summary>
public sealed class ChatAnswerReader
{
    private readonly List<TextPiece> _pieces = [];
    private readonly List<(int Choice, string? FinishReason)> _choices = [];

    /// <summary>The texts in this answer, in the order they appear.</summary>
    public IReadOnlyList<TextPiece> Pieces => _pieces;

    /// <summary>The choices in this answer and why each of them ended, null while it goes on.</summary>
    public IReadOnlyList<(int Choice, string? FinishReason)> Choices => _choices;

    /// <summary>Whether the answer is an error object.</summary>
    public bool HasError { get; private set; }

    /// <summary>The claimed usage; null when the member is missing or null.</summary>
    public ClaimedUsage? Usage { get; private set; }

    /// <summary>The bytes of the usage member with the one comma that belongs to it; empty when there is none.</summary>
    public Range UsageMember { get; private set; }

    /// <summary>What the first answer said of itself, to repeat it in chunks of our own.</summary>
    public AnswerHead Head { get; private set; } = new();

    /// <summary>Reads one answer; false when it is not a JSON object of this kind.</summary>
    public bool TryRead(ReadOnlySpan<byte> json)
    {
        _pieces.Clear();
        _choices.Clear();
        (HasError, Usage, UsageMember) = (false, null, default);
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName) ReadMember(ref reader, json);
            return !reader.Read();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            // Not JSON, a value of another type than the format says, or text that is not UTF-8: garbage all the same.
            return false;
        }
    }

    private void ReadMember(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        if (reader.ValueTextEquals("choices"u8))
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.Null) return;
            if (reader.TokenType != JsonTokenType.StartArray) throw new FormatException();
            while (reader.Read() && reader.TokenType == JsonTokenType.StartObject) ReadChoice(ref reader);
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

    private void ReadChoice(ref Utf8JsonReader reader)
    {
        var choice = 0;
        string? finishReason = null;
        var firstPiece = _pieces.Count;
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
                ReadTexts(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        // The index may stand behind the text.
        for (var i = firstPiece; i < _pieces.Count; i++) _pieces[i] = _pieces[i] with { Choice = choice };
        _choices.Add((choice, finishReason));
    }

    /// <summary>Every text that is shown: content and its parts, refusals, thoughts, the arguments of tool calls, transcripts.</summary>
    private void ReadTexts(ref Utf8JsonReader reader)
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
            var isShown = reader.ValueTextEquals("content"u8) || reader.ValueTextEquals("text"u8) || reader.ValueTextEquals("refusal"u8)
                || reader.ValueTextEquals("arguments"u8) || reader.ValueTextEquals("input"u8) || reader.ValueTextEquals("transcript"u8)
                || reader.ValueTextEquals("reasoning_content"u8) || reader.ValueTextEquals("reasoning"u8);
            if (!isShown) continue;
            reader.Read();
            if (reader.TokenType == JsonTokenType.String && !reader.ValueSpan.IsEmpty) _pieces.Add(new TextPiece(0, ReadText(ref reader)));
        }
    }

    private static string ReadText(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, the other half being in the next chunk: screened as it is escaped.
            return Encoding.UTF8.GetString(reader.ValueSpan);
        }
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
