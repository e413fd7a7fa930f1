using System.Text.Json;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;

namespace Aigc2d.ProviderAdapters.Clients.OpenAi;

/// <summary>What a client's request for embeddings asks for, and where the few bytes of it lie that differ upstream.</summary>
internal sealed class EmbeddingsShape
{
    /// <summary>So many vectors come as base64 whatever the client wants: as numbers the largest would be four times as long, beyond what an answer may be.</summary>
    public const int ManyInputs = 256;

    private static readonly byte[] Base64 = "\"base64\""u8.ToArray();
    private static readonly byte[] Base64Member = "\"encoding_format\":\"base64\","u8.ToArray();

    private readonly RequestEdits _edits = new();

    private EmbeddingsShape()
    {
    }

    /// <summary>How many vectors are asked for.</summary>
    public int Inputs { get; private set; }

    /// <summary>How many ids of tokens there are in all inputs; 0 when they are texts.</summary>
    public int TokenIds { get; private set; }

    /// <summary>Whether the client wants the vectors as base64, else as numbers.</summary>
    public bool AsBase64 { get; private set; }

    /// <summary>How long the vectors are to be; null when that is left to the model.</summary>
    public int? Dimensions { get; private set; }

    public string? User { get; private set; }

    /// <returns>The shape, or null and the member that is at fault.</returns>
    public static EmbeddingsShape? Read(ReadOnlySpan<byte> body, out string? faultyMember)
    {
        var shape = new EmbeddingsShape();
        try
        {
            var reader = new Utf8JsonReader(body);
            faultyMember = reader.Read() && reader.TokenType == JsonTokenType.StartObject ? shape.ReadMembers(ref reader, RequestEdits.PositionAfterBrace(body)) : "body";
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, or a name in it is not valid text.
            faultyMember = "body";
        }

        return faultyMember is null ? shape : null;
    }

    /// <summary>The request as the upstream gets it, in pieces that are written one after the other.</summary>
    public List<ReadOnlyMemory<byte>> Apply(ReadOnlyMemory<byte> body, string upstreamModel) => _edits.Apply(body, upstreamModel);

    private string? ReadMembers(ref Utf8JsonReader reader, int beginning)
    {
        var hasModel = false;
        RequestEdit? numbers = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("model"u8))
            {
                reader.Read();
                if (reader.TokenType != JsonTokenType.String) return "model";
                _edits.Add(RequestEdit.Replace(reader, null));
                hasModel = true;
            }
            else if (reader.ValueTextEquals("input"u8))
            {
                if (!ReadInput(ref reader)) return "input";
            }
            else if (reader.ValueTextEquals("encoding_format"u8))
            {
                if (!ReadEncoding(ref reader)) return "encoding_format";
                numbers = RequestEdit.Replace(reader, Base64);
            }
            else if (reader.ValueTextEquals("dimensions"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.Null) continue;
                if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out var dimensions)) return "dimensions";
                Dimensions = dimensions;
            }
            else if (reader.ValueTextEquals("user"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String) User = ShownText.Read(ref reader);
                reader.Skip();
            }
            else
            {
                reader.Skip();
            }
        }

        // Reads to the end, so that anything behind the object is an error too.
        while (reader.Read())
        {
        }

        if (!AsBase64 && Inputs > ManyInputs) _edits.Add(numbers ?? RequestEdit.Insert(beginning, Base64Member));
        return !hasModel ? "model" : Inputs == 0 ? "input" : null;
    }

    private bool ReadEncoding(ref Utf8JsonReader reader)
    {
        reader.Read();
        AsBase64 = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("base64"u8);
        return AsBase64 || reader.TokenType == JsonTokenType.Null || (reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("float"u8));
    }

    /// <summary>A text, texts, the token ids of one input, or those of several.</summary>
    private bool ReadInput(ref Utf8JsonReader reader)
    {
        reader.Read();
        (Inputs, TokenIds) = (1, 0);
        if (reader.TokenType == JsonTokenType.String) return true;
        if (reader.TokenType != JsonTokenType.StartArray) return false;

        var (texts, lists, ids) = (0, 0, 0);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.String) texts++;
            else if (reader.TokenType == JsonTokenType.Number) ids++;
            else if (reader.TokenType != JsonTokenType.StartArray || !ReadIds(ref reader)) return false;
            else lists++;
        }

        TokenIds += ids;
        Inputs = ids > 0 ? 1 : texts + lists;
        return Inputs > 0 && (texts > 0 ? 1 : 0) + (lists > 0 ? 1 : 0) + (ids > 0 ? 1 : 0) == 1;
    }

    private bool ReadIds(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number) return false;
            TokenIds++;
        }

        return true;
    }
}
