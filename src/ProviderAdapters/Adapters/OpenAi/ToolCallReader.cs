using System.Text;
using System.Text.Json;

namespace Aigc2d.ProviderAdapters.Adapters.OpenAi;

/// <summary>Reads the tool calls of an answer in OpenAI's dialect, whole or in pieces, and tells which of them begin. Its pieces go into the answer's.</summary>
internal sealed class ToolCallReader(List<AnswerDelta> deltas)
{
    // Far more than any model makes in one answer; a stream that goes on inventing them must not be remembered.
    private const int MaxCalls = 4_096;

    private readonly List<Begun> _begun = [];
    private readonly List<Piece> _pieces = [];

    /// <summary>Forgets what was read and not yet given to a choice.</summary>
    public void Clear() => _pieces.Clear();

    /// <summary>Forgets which calls have begun, for another answer.</summary>
    public void Forget() => _begun.Clear();

    /// <summary>Reads the list of calls behind the member's name that the reader stands at.</summary>
    public void ReadCalls(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject) ReadCall(ref reader, json, null);
            else reader.Skip();
        }
    }

    /// <summary>Reads the one call of the old functions behind the member's name that the reader stands at.</summary>
    public void ReadFunctionCall(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject) ReadCall(ref reader, json, 0);
        else reader.Skip();
    }

    /// <summary>What was read belongs to this choice: numbers it, and puts a start before each call that begins.</summary>
    public void Give(int choice)
    {
        var starts = 0;
        foreach (var piece in _pieces)
        {
            var first = piece.First + starts;
            var number = Find(choice, piece) ?? Begin(choice, piece);
            for (var i = first; i < first + piece.Count; i++) deltas[i] = deltas[i] with { ToolIndex = number.Value };
            if (!number.IsNew) continue;
            deltas.Insert(first, new AnswerDelta(choice, DeltaKind.ToolStart, "") { ToolIndex = number.Value, ToolId = piece.Id, ToolName = piece.Name ?? "" });
            starts++;
        }

        _pieces.Clear();
    }

    private void ReadCall(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, int? index)
    {
        var (depth, first) = (reader.CurrentDepth, deltas.Count);
        string? id = null, name = null;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType != JsonTokenType.PropertyName) continue;
            if (reader.CurrentDepth == depth + 1 && reader.ValueTextEquals("index"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.Number) index = reader.GetInt32();
                else reader.Skip();
            }
            else if (reader.CurrentDepth == depth + 1 && reader.ValueTextEquals("id"u8)) id = ReadName(ref reader) ?? id;
            else if (reader.ValueTextEquals("name"u8)) name = ReadName(ref reader) ?? name;
            else if (ChatAnswerReader.KindOf(ref reader) is { } kind) ReadText(ref reader, json, kind);
        }

        _pieces.Add(new Piece(first, deltas.Count - first, index, id, name));
    }

    /// <summary>Arguments are a string; where a provider sends the object itself, it is the text.</summary>
    private void ReadText(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, DeltaKind kind)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String && !reader.ValueSpan.IsEmpty) deltas.Add(new AnswerDelta(0, kind, ShownText.Read(ref reader)));
        if (reader.TokenType != JsonTokenType.StartObject || kind != DeltaKind.ToolArguments) return;
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        deltas.Add(new AnswerDelta(0, kind, Encoding.UTF8.GetString(json[start..(int)reader.BytesConsumed])));
    }

    /// <summary>Null when it is none or empty: later pieces of a call may have either.</summary>
    private static string? ReadName(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String) return reader.ValueSpan.IsEmpty ? null : ShownText.Read(ref reader);
        reader.Skip();
        return null;
    }

    /// <summary>The call that this continues; null when it is a new one. Some providers number none of their calls, or all of them the same.</summary>
    private Number? Find(int choice, in Piece piece)
    {
        for (var i = _begun.Count - 1; i >= 0; i--)
        {
            var begun = _begun[i];
            if (begun.Choice != choice || (piece.Index is not null && begun.Index != piece.Index)) continue;

            var isOther = piece.Name is not null && (piece.Id is null ? piece.Index is null : string.GetHashCode(piece.Id, StringComparison.Ordinal) != begun.IdHash);
            return isOther ? null : new Number(begun.Value, false);
        }

        return null;
    }

    private Number Begin(int choice, in Piece piece)
    {
        if (_begun.Count == MaxCalls) throw new FormatException();
        var number = 0;
        foreach (var begun in _begun)
        {
            if (begun.Choice == choice) number++;
        }

        _begun.Add(new Begun(choice, piece.Index, piece.Id is null ? 0 : string.GetHashCode(piece.Id, StringComparison.Ordinal), number));
        return new Number(number, true);
    }

    /// <summary>A call that has begun: what the provider numbers it and what we do. Of its id only as much is kept as tells it from another.</summary>
    private readonly record struct Begun(int Choice, int? Index, int IdHash, int Value);

    private readonly record struct Number(int Value, bool IsNew);

    /// <summary>What one read says of one call, and which pieces of the answer are its arguments.</summary>
    private readonly record struct Piece(int First, int Count, int? Index, string? Id, string? Name);
}
