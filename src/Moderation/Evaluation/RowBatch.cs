using System.Buffers;
using System.Text.Json;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Rules;
using Aigc2d.Moderation.Screenings;

namespace Aigc2d.Moderation.Evaluation;

/// <summary>Neighbouring rows of one file that one processor scores.</summary>
internal sealed class RowBatch(string? file)
{
    // So much work that handing it over costs nothing beside it, and so little that both processors end at about the same time.
    private const int EnoughBytes = 32 * 1024;

    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly List<(int Line, int Start, string? Fault)> _rows = [];

    public int Count => _rows.Count;

    public bool IsFull => _bytes.WrittenCount >= EnoughBytes;

    /// <summary>Adds the line that the reader is at; blank lines are none.</summary>
    public void Add(LineReader reader)
    {
        if (!reader.IsTooLong && reader.Line.Span.TrimStart(" \t\r"u8).IsEmpty) return;
        _rows.Add((reader.Number, _bytes.WrittenCount, reader.IsTooLong ? $"is longer than {LineReader.LongestLine >> 20} MiB" : null));
        _bytes.Write(reader.Line.Span);
    }

    public void AddFault(int line, string fault) => _rows.Add((line, _bytes.WrittenCount, fault));

    public ScoredBatch Score(TextScreener screener, ScreeningStage stage)
    {
        var output = new ArrayBufferWriter<byte>(Count * 512);
        using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true });
        var bad = 0;
        for (var i = 0; i < _rows.Count; i++)
        {
            var (line, start, fault) = _rows[i];
            var end = i + 1 < _rows.Count ? _rows[i + 1].Start : _bytes.WrittenCount;
            var row = fault is null ? Row.Read(_bytes.WrittenSpan[start..end], withLabels: false) : Row.Bad(fault);
            if (row.Fault is null) Write(writer, row, screener.Screen([row.Text], stage));
            else
            {
                bad++;
                WriteFault(writer, line, row.Fault);
            }

            writer.Flush();
            output.Write("\n"u8);
            writer.Reset();
        }

        return new ScoredBatch(output.WrittenMemory, Count, bad);
    }

    private static void Write(Utf8JsonWriter writer, Row row, Judgement judgement)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("id"u8);
        if (row.Id is null) writer.WriteNullValue();
        else writer.WriteRawValue(row.Id, skipInputValidation: true);
        writer.WriteString("action"u8, NameOf(judgement.Action));
        writer.WriteNumber("unsafe"u8, judgement.Scores.Unsafe);
        writer.WriteStartObject("scores"u8);
        for (var i = 0; i < Categories.All.Count; i++) writer.WriteNumber(Categories.All[i], judgement.Scores.ByCategory[i]);
        writer.WriteEndObject();
        writer.WriteStartArray("rules"u8);
        foreach (var finding in judgement.Findings) writer.WriteStringValue(finding.Rule.Id);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void WriteFault(Utf8JsonWriter writer, int line, string fault)
    {
        writer.WriteStartObject();
        writer.WriteNull("id"u8);
        writer.WriteString("error"u8, file is null ? $"line {line}: {fault}" : $"line {line}: {fault} ({file})");
        writer.WriteEndObject();
    }

    private static ReadOnlySpan<byte> NameOf(VerdictAction action) => action switch
    {
        VerdictAction.Allow => "allow"u8,
        VerdictAction.Block => "block"u8,
        VerdictAction.Review => "review"u8,
        VerdictAction.Support => "support"u8,
        _ => throw new InvalidOperationException($"Unhandled action {action}."),
    };
}

/// <summary>What goes out for a batch.</summary>
/// <param name="Lines">A line per row.</param>
/// <param name="Rows">How many.</param>
/// <param name="Bad">How many of them are errors.</param>
internal sealed record ScoredBatch(ReadOnlyMemory<byte> Lines, int Rows, int Bad);
