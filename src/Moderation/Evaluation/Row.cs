using System.Text.Json;
using System.Text.Unicode;

namespace Aigc2d.Moderation.Evaluation;

/// <summary>A row of a file: what is to be scored, and what it is said to be. Nothing of a text is in <see cref="Fault"/>.</summary>
internal sealed record Row
{
    // Labels of any shape are passed over.
    private static readonly JsonReaderOptions Json = new() { MaxDepth = 1_000 };

    /// <summary>The id as JSON, null when there is none.</summary>
    public byte[]? Id { get; private init; }

    public string Text { get; private init; } = "";

    public RowLabels? Labels { get; private init; }

    /// <summary>Why this is no row; null when it is one.</summary>
    public string? Fault { get; private init; }

    public static Row Bad(string fault) => new() { Fault = fault };

    /// <summary>Reads a line.</summary>
    /// <param name="line">The line's bytes.</param>
    /// <param name="withLabels">Whether labels are read and must make sense; without it they may be anything.</param>
    public static Row Read(ReadOnlySpan<byte> line, bool withLabels)
    {
        if (!Utf8.IsValid(line)) return Bad("is not UTF-8");
        var reader = new Utf8JsonReader(line, Json);
        try
        {
            return Read(ref reader, withLabels);
        }
        catch (JsonException exception)
        {
            return Bad($"is not JSON, byte {exception.BytePositionInLine + 1}");
        }
    }

    private static Row Read(ref Utf8JsonReader reader, bool withLabels)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            reader.Read();
            return Bad("is not a JSON object");
        }

        byte[]? id = null;
        string? text = null, fault = null;
        var labels = withLabels ? new RowLabels() : null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (LooseString.IsName(ref reader, "text"u8)) (text, fault) = ReadText(ref reader, fault);
            else if (LooseString.IsName(ref reader, "id"u8)) (id, fault) = ReadId(ref reader, fault);
            else if (labels is null || !labels.TryTake(ref reader, ref fault)) reader.Skip();
        }

        reader.Read();
        fault ??= text is null ? "has no text" : null;
        return fault is null ? new Row { Id = id, Text = text!, Labels = labels } : Bad(fault);
    }

    private static (string? Text, string? Fault) ReadText(ref Utf8JsonReader reader, string? fault)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String) return (LooseString.Read(ref reader), fault);
        if (reader.TokenType != JsonTokenType.Null) fault = "has a text that is not a string";
        reader.Skip();
        return (null, fault);
    }

    private static (byte[]? Id, string? Fault) ReadId(ref Utf8JsonReader reader, string? fault)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null) return (null, fault);
        if (reader.TokenType == JsonTokenType.Number) return (reader.ValueSpan.ToArray(), fault);
        if (reader.TokenType == JsonTokenType.String) return ([(byte)'"', .. reader.ValueSpan, (byte)'"'], fault);
        reader.Skip();
        return (null, "has an id that is neither a string nor a number");
    }
}
