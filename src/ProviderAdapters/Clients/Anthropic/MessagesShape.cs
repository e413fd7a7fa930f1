using System.Text;
using System.Text.Json;

namespace Aigc2d.ProviderAdapters.Clients.Anthropic;

/// <summary>What of a messages request matters though its bytes pass through: where the model's name lies, whether to stream, whose conversation it is.</summary>
internal sealed class MessagesShape
{
    private const int MaxUserIdBytes = 1_024;

    private MessagesShape()
    {
    }

    /// <summary>Whether the answer is to be a stream.</summary>
    public bool Stream { get; private set; }

    /// <summary>The client's name for its user, whose conversations begin alike; null when it gives none.</summary>
    public string? UserId { get; private set; }

    private (int Start, int End) Model { get; set; }

    /// <returns>The shape, or null and the member that is at fault.</returns>
    public static MessagesShape? Read(ReadOnlySpan<byte> body, out string? faultyMember)
    {
        var shape = new MessagesShape();
        try
        {
            var reader = new Utf8JsonReader(body);
            faultyMember = reader.Read() && reader.TokenType == JsonTokenType.StartObject ? shape.ReadMembers(ref reader) : "body";
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, or a name in it is not valid text.
            faultyMember = "body";
        }

        return faultyMember is null ? shape : null;
    }

    /// <summary>The request as the upstream gets it, in pieces that are written one after the other.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Apply(ReadOnlyMemory<byte> body, string upstreamModel) =>
        [body[..Model.Start], JsonSerializer.SerializeToUtf8Bytes(upstreamModel), body[Model.End..]];

    private string? ReadMembers(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("model"u8))
            {
                reader.Read();
                if (reader.TokenType != JsonTokenType.String) return "model";
                Model = ((int)reader.TokenStartIndex, (int)reader.BytesConsumed);
            }
            else if (reader.ValueTextEquals("stream"u8))
            {
                reader.Read();
                if (reader.TokenType is not (JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null)) return "stream";
                Stream = reader.TokenType == JsonTokenType.True;
            }
            else if (reader.ValueTextEquals("metadata"u8)) ReadMetadata(ref reader);
            else reader.Skip();
        }

        // Reads to the end, so that anything behind the object is an error too.
        while (reader.Read())
        {
        }

        return Model.End > 0 ? null : "model";
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isUser = reader.ValueTextEquals("user_id"u8);
            reader.Read();
            if (isUser && reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length is > 0 and <= MaxUserIdBytes) UserId = Encoding.UTF8.GetString(reader.ValueSpan);
            reader.Skip();
        }
    }
}
