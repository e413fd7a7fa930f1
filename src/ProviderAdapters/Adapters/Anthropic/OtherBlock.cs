using System.Collections.Frozen;
using System.Text;
using System.Text.Json;

namespace Aigc2d.ProviderAdapters.Adapters.Anthropic;

/// <summary>Blocks that only Anthropic's own clients are shown: what tools at the provider were asked and what they found.</summary>
internal static class OtherBlock
{
    // Names, references and what nobody can read.
    private static readonly FrozenSet<string> Unread = FrozenSet.Create(
        StringComparer.Ordinal, "type", "id", "tool_use_id", "file_id", "media_type", "data", "signature", "encrypted_content", "encrypted_index", "encrypted_stdout", "cache_control");

    /// <summary>What of a block can be read, line by line; null when nothing can.</summary>
    public static string? TextOf(ReadOnlySpan<byte> block)
    {
        StringBuilder? text = null;
        var reader = new Utf8JsonReader(block);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                if (Unread.Contains(reader.GetString()!)) reader.Skip();
            }
            else if (reader.TokenType == JsonTokenType.String && !reader.ValueSpan.IsEmpty)
            {
                text ??= new StringBuilder();
                if (text.Length > 0) text.Append('\n');
                text.Append(ShownText.Read(ref reader));
            }
        }

        return text?.ToString();
    }
}
