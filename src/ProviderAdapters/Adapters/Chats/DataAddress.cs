namespace Aigc2d.ProviderAdapters.Adapters.Chats;

/// <summary>A <c>data:</c> address taken apart: what it holds, and where its base64 begins.</summary>
internal readonly record struct DataAddress(string MediaType, int DataStart)
{
    private const string Scheme = "data:";
    private const string Base64 = ";base64";

    public static bool IsOne(string address) => address.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>Null when it is not base64 of a named media type.</summary>
    public static DataAddress? Read(string address)
    {
        var comma = address.IndexOf(',', StringComparison.Ordinal);
        if (!IsOne(address) || comma < 0) return null;

        var head = address.AsSpan(Scheme.Length, comma - Scheme.Length);
        if (!head.EndsWith(Base64, StringComparison.OrdinalIgnoreCase)) return null;

        var mediaType = head[..head.IndexOf(';')].Trim();
        return mediaType.IsEmpty ? null : new DataAddress(mediaType.ToString().ToLowerInvariant(), comma + 1);
    }
}
