using System.Text;
using System.Text.Json;

namespace Aigc2d.ProviderAdapters.Adapters.OpenAi;

/// <summary>
/// Where the few bytes lie in a client's chat request that differ upstream: the model's name, for a stream the wish for usage, and a wish to store.
/// Everything else goes out as it came in, byte for byte.
/// </summary>
public sealed class ChatRequestShape
{
    private const int MaxCacheKeyBytes = 1_024;
    private static readonly byte[] No = "false"u8.ToArray();
    private static readonly byte[] WantUsage = "true"u8.ToArray();
    private static readonly byte[] WantUsageMember = "\"include_usage\":true"u8.ToArray();
    private static readonly byte[] WantUsageObject = "{\"include_usage\":true}"u8.ToArray();
    private static readonly byte[] WantUsageRoot = "\"stream_options\":{\"include_usage\":true},"u8.ToArray();

    private readonly RequestEdits _edits = new();
    private RequestEdit? _usageEdit;

    private ChatRequestShape()
    {
    }

    /// <summary>Whether the answer is to be a stream.</summary>
    public bool Stream { get; private set; }

    /// <summary>Whether the client itself asked for the usage of a stream.</summary>
    public bool IncludeUsage { get; private set; }

    /// <summary>What the client calls the beginning of its prompt, so that it may meet a provider's cache; null when it does not care.</summary>
    public string? PromptCacheKey { get; private set; }

    /// <returns>The shape, or null and the member that is at fault.</returns>
    public static ChatRequestShape? Read(ReadOnlySpan<byte> body, out string? faultyMember)
    {
        var shape = new ChatRequestShape();
        faultyMember = null;
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

        if (faultyMember is not null) return null;
        if (shape.Stream) shape._edits.Add(shape._usageEdit ?? RequestEdit.Insert(RequestEdits.PositionAfterBrace(body), WantUsageRoot));
        return shape;
    }

    /// <summary>The request as the upstream gets it, in pieces that are written one after the other.</summary>
    public List<ReadOnlyMemory<byte>> Apply(ReadOnlyMemory<byte> body, string upstreamModel) => _edits.Apply(body, upstreamModel);

    private string? ReadMembers(ref Utf8JsonReader reader)
    {
        var hasModel = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("model"u8))
            {
                reader.Read();
                if (reader.TokenType != JsonTokenType.String) return "model";
                _edits.Add(RequestEdit.Replace(reader, null));
                hasModel = true;
            }
            else if (reader.ValueTextEquals("stream"u8))
            {
                reader.Read();
                if (reader.TokenType is not (JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null)) return "stream";
                Stream = reader.TokenType == JsonTokenType.True;
            }
            else if (reader.ValueTextEquals("stream_options"u8))
            {
                if (ReadStreamOptions(ref reader) is { } fault) return fault;
            }
            else if (reader.ValueTextEquals("store"u8))
            {
                // Conversations are not collected, and what the provider kept would be kept in our name.
                reader.Read();
                if (reader.TokenType == JsonTokenType.True) _edits.Add(RequestEdit.Replace(reader, No));
                reader.Skip();
            }
            else if (reader.ValueTextEquals("prompt_cache_key"u8))
            {
                reader.Read();
                // Whether it is right is the provider's matter; our own use of it is a wish.
                if (reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length is > 0 and <= MaxCacheKeyBytes) PromptCacheKey = Encoding.UTF8.GetString(reader.ValueSpan);
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

        return hasModel ? null : "model";
    }

    private string? ReadStreamOptions(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            _usageEdit = RequestEdit.Replace(reader, WantUsageObject);
            return null;
        }

        if (reader.TokenType != JsonTokenType.StartObject) return "stream_options";

        var afterBrace = (int)reader.BytesConsumed;
        var isEmpty = true;
        _usageEdit = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            isEmpty = false;
            var isUsage = reader.ValueTextEquals("include_usage"u8);
            reader.Read();
            if (!isUsage)
            {
                reader.Skip();
                continue;
            }

            if (reader.TokenType is not (JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null)) return "stream_options.include_usage";
            IncludeUsage = reader.TokenType == JsonTokenType.True;
            _usageEdit = RequestEdit.Replace(reader, WantUsage);
        }

        _usageEdit ??= RequestEdit.Insert(afterBrace, isEmpty ? WantUsageMember : [.. WantUsageMember, (byte)',']);
        return null;
    }
}
