using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Aigc2d.ProviderAdapters.Clients.OpenAi;
using Aigc2d.ProviderAdapters.Usage;

namespace Aigc2d.ProviderAdapters.Adapters.OpenAi;

/// <summary>
/// One answer with embeddings, in OpenAI's words or in Baidu's, which are nearly the same. It is checked as a whole; the client gets its bytes, but
/// for what differs from OpenAI's words, from the asked encoding or from the recorded usage.
/// </summary>
internal sealed class EmbeddingsAnswer(OpenAiEmbeddings call, string model) : IAnswerReader, IAnswerWriter
{
    private static readonly (int Choice, string? FinishReason)[] Ended = [(0, "stop")];
    private static readonly byte[] List = "\"list\""u8.ToArray();
    private static readonly byte[] ListMember = "\"object\":\"list\","u8.ToArray();

    private readonly VectorCodec _vectors = new();
    private readonly JsonEdits _edits = new();
    private int _count;
    private int? _dimensions;
    private int _beginning;
    private bool _hasKind;
    private bool _hasModel;
    private Range? _usage;
    private decimal? _total;

    public IReadOnlyList<AnswerDelta> Deltas => [];

    public IReadOnlyList<(int Choice, string? FinishReason)> Choices => Ended;

    public bool HasError { get; private set; }

    public bool IsEnd => false;

    public ClaimedUsage? Usage { get; private set; }

    public AnswerHead Head { get; } = new();

    public static (IAnswerReader Reader, IAnswerWriter Writer) Of(OpenAiEmbeddings call, string model)
    {
        var answer = new EmbeddingsAnswer(call, model);
        return (answer, answer);
    }

    /// <summary>Reads the answer, which must have a vector for each input, in their order and all of one length.</summary>
    public bool TryReadPlain(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            _beginning = (int)reader.BytesConsumed;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName) ReadMember(ref reader, body);
            return !reader.Read() && (HasError || _count == call.Shape.Inputs);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            // Not JSON, a value of another type than the format says, or no vector: garbage all the same.
            return false;
        }
    }

    public ReadOnlyMemory<byte> Completion(ReadOnlyMemory<byte> body, IAnswerReader read, TokenCounts tokens)
    {
        if (!_hasKind) _edits.Add(_beginning, _beginning, ListMember);
        if (!_hasModel) _edits.Add(_beginning, _beginning, Encoding.UTF8.GetBytes($"\"model\":{JsonSerializer.Serialize(model)},"));
        if (tokens.Estimated || Usage?.Input != tokens.Input || _total != tokens.Input) ShowUsage(body.Length, tokens.Input);
        return _edits.IsEmpty ? body : _edits.Apply(body.Span);
    }

    public bool TryReadEvent(ReadOnlySpan<byte> data) => throw NoStream();

    public void WriteEvent(IBufferWriter<byte> output, ReadOnlySpan<byte> data, IAnswerReader read) => throw NoStream();

    public void WriteFiltered(IBufferWriter<byte> output, int choice) => throw NoStream();

    public void WriteEnd(IBufferWriter<byte> output, TokenCounts tokens, bool isClaimed) => throw NoStream();

    public ReadOnlyMemory<byte> FilteredCompletion(IAnswerReader read, TokenCounts tokens) => throw new InvalidOperationException("Embeddings have no text that could be filtered.");

    private static InvalidOperationException NoStream() => new("Embeddings are never a stream.");

    private void ReadMember(ref Utf8JsonReader reader, ReadOnlySpan<byte> body)
    {
        if (reader.ValueTextEquals("data"u8))
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartArray || _count > 0) throw new FormatException();
            while (reader.Read() && reader.TokenType == JsonTokenType.StartObject) ReadItem(ref reader);
            if (reader.TokenType != JsonTokenType.EndArray) throw new FormatException();
        }
        else if (reader.ValueTextEquals("object"u8))
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.String || !reader.ValueTextEquals("list"u8)) _edits.Add((int)reader.TokenStartIndex, EndOf(ref reader), List);
            _hasKind = true;
        }
        else if (reader.ValueTextEquals("usage"u8))
        {
            ReadUsage(ref reader, body);
        }
        else if (reader.ValueTextEquals("error"u8))
        {
            reader.Read();
            HasError |= reader.TokenType != JsonTokenType.Null;
            reader.Skip();
        }
        else if (reader.ValueTextEquals("error_code"u8))
        {
            reader.Read();
            HasError |= reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out var code) || code != 0;
            reader.Skip();
        }
        else
        {
            _hasModel |= reader.ValueTextEquals("model"u8);
            reader.Skip();
        }
    }

    private void ReadItem(ref Utf8JsonReader reader)
    {
        int? index = null, length = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("index"u8))
            {
                reader.Read();
                index = reader.GetInt32();
            }
            else if (reader.ValueTextEquals("embedding"u8) && length is null)
            {
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                length = _vectors.Read(ref reader, call.Shape.AsBase64, out var encoded);
                if (!encoded.IsEmpty) _edits.Add(start, (int)reader.BytesConsumed, encoded);
            }
            else
            {
                reader.Skip();
            }
        }

        if (index != _count++ || length is null or 0 || (_dimensions ??= length) != length) throw new FormatException();
    }

    private void ReadUsage(ref Utf8JsonReader reader, ReadOnlySpan<byte> body)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        if (reader.TokenType == JsonTokenType.StartObject) Usage = ClaimedUsage.Read(ref reader) with { Output = 0, Reasoning = 0, AudioOutput = 0 };
        var end = EndOf(ref reader);
        _usage = start..end;
        _total = Usage is null ? null : TotalOf(body[start..end]);
    }

    private static decimal? TotalOf(ReadOnlySpan<byte> usage)
    {
        var reader = new Utf8JsonReader(usage);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("total_tokens"u8)) return ClaimedUsage.ReadNumber(ref reader);
            reader.Skip();
        }

        return null;
    }

    private static int EndOf(ref Utf8JsonReader reader)
    {
        reader.Skip();
        return (int)reader.BytesConsumed;
    }

    private void ShowUsage(int length, int tokens)
    {
        var usage = string.Create(CultureInfo.InvariantCulture, $$"""{"prompt_tokens":{{tokens}},"total_tokens":{{tokens}}}""");
        if (_usage is { } place) _edits.Add(place.Start.GetOffset(length), place.End.GetOffset(length), Encoding.UTF8.GetBytes(usage));
        else _edits.Add(_beginning, _beginning, Encoding.UTF8.GetBytes($"\"usage\":{usage},"));
    }
}
