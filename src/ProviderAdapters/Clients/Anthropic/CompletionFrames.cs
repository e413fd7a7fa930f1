using System.Buffers;
using System.Text;
using System.Text.Json;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Clients.OpenAi;
using Aigc2d.ProviderAdapters.Usage;

namespace Aigc2d.ProviderAdapters.Clients.Anthropic;

/// <summary>An answer as an old text completion of Anthropic's: events of a stream, or one object. The last event says why it ended.</summary>
/// <param name="head">What every event says of the answer; asked for when the first is written.</param>
/// <param name="isCumulative">Whether each event tells the whole text so far.</param>
/// <param name="beginsWithSpace">Whether the text stands behind the mark of a turn, from which a space parts it.</param>
internal sealed class CompletionFrames(Func<AnswerHead> head, bool isCumulative, bool beginsWithSpace) : IAnswerWriter
{
    private readonly StringBuilder _said = new();
    private AnswerHead? _head;
    private bool _hasBegun;
    private bool _hasText;
    private string? _finishReason;
    private string? _stopText;

    private AnswerHead Head => _head ??= head().Under("compl_"u8);

    public void WriteEvent(IBufferWriter<byte> output, ReadOnlySpan<byte> data, IAnswerReader read)
    {
        if (!_hasBegun && read.Choices.Count > 0)
        {
            _hasBegun = true;
            if (!isCumulative) output.Write("event: ping\ndata: {\"type\":\"ping\"}\n\n"u8);
        }

        for (var i = 0; i < read.Deltas.Count; i++)
        {
            if (_finishReason is null && TranslatedTexts.IsShown(read.Deltas[i])) WriteText(output, read.Deltas[i].Text);
        }

        for (var i = 0; i < read.Choices.Count; i++) _finishReason ??= read.Choices[i].FinishReason;
        _stopText = read.StopText ?? _stopText;
    }

    /// <summary>The end will say so. What had been written last was taken back, so that it must not repeat what was said.</summary>
    public void WriteFiltered(IBufferWriter<byte> output, int choice)
    {
        _finishReason = "content_filter";
        _said.Clear();
    }

    public void WriteEnd(IBufferWriter<byte> output, TokenCounts tokens, bool isClaimed) =>
        Write(output, isCumulative ? _said.ToString() : "", _finishReason ?? "stop", _stopText);

    public ReadOnlyMemory<byte> Completion(ReadOnlyMemory<byte> body, IAnswerReader read, TokenCounts tokens) =>
        Whole(Spaced(TranslatedTexts.TextOf(read.Deltas, 0)), read.Choices.Select(choice => choice.FinishReason).FirstOrDefault() ?? "stop", read.StopText);

    public ReadOnlyMemory<byte> FilteredCompletion(IAnswerReader read, TokenCounts tokens) => Whole("", "content_filter", null);

    private ReadOnlyMemory<byte> Whole(string text, string finishReason, string? stopText)
    {
        var buffer = new ArrayBufferWriter<byte>(text.Length + 512);
        WriteObject(buffer, text, finishReason, stopText);
        return buffer.WrittenMemory;
    }

    private void WriteText(IBufferWriter<byte> output, string text)
    {
        if (!_hasText) text = Spaced(text);
        _hasText = true;
        if (isCumulative) text = _said.Append(text).ToString();
        Write(output, text, null, null);
    }

    private string Spaced(string text) => beginsWithSpace && text.Length > 0 && !char.IsWhiteSpace(text[0]) ? $" {text}" : text;

    private void Write(IBufferWriter<byte> output, string text, string? finishReason, string? stopText)
    {
        output.Write("event: completion\ndata: "u8);
        WriteObject(output, text, finishReason, stopText);
        output.Write("\n\n"u8);
    }

    private void WriteObject(IBufferWriter<byte> output, string text, string? finishReason, string? stopText)
    {
        var json = ThreadJson.Borrow(output);
        json.WriteStartObject();
        json.WriteString("type"u8, "completion"u8);
        WriteRaw(json, "id"u8, Head.Id);
        json.WriteString("completion"u8, text);
        var (reason, stop) = EndOf(finishReason, stopText);
        json.WriteString("stop_reason"u8, reason);
        json.WriteString("stop"u8, stop);
        WriteRaw(json, "model"u8, Head.Model);
        WriteRaw(json, "log_id"u8, Head.Id);
        json.WriteEndObject();
        json.Flush();
        ThreadJson.Return(json);
    }

    /// <summary>A natural end was the human's turn; so is taken, too, which stop of the client's own it was where nobody tells.</summary>
    private static (string? Reason, string? Stop) EndOf(string? finishReason, string? stopText) => finishReason switch
    {
        null => (null, null),
        "length" => ("max_tokens", null),
        "content_filter" => ("refusal", null),
        _ => ("stop_sequence", stopText ?? HumanTurns.Human),
    };

    private static void WriteRaw(Utf8JsonWriter json, ReadOnlySpan<byte> name, ReadOnlyMemory<byte> value)
    {
        json.WritePropertyName(name);
        if (value.IsEmpty) json.WriteStringValue(""u8);
        else json.WriteRawValue(value.Span, skipInputValidation: true);
    }
}
