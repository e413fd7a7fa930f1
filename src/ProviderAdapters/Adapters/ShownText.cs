using System.Text.Json;
using Aigc2d.ServiceDefaults.Tokens;

namespace Aigc2d.ProviderAdapters.Adapters;

/// <summary>Reads a text that a client will be shown.</summary>
internal static class ShownText
{
    /// <summary>The string that the reader stands at, even where it is none on its own.</summary>
    public static string Read(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair: the other half comes with the next piece, and both are one character again.
            return JsonText.Unescape(reader.ValueSpan);
        }
    }
}
