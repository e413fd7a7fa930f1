namespace Aigc2d.Gateway.Dialects;

/// <summary>
/// An image of a prompt, left where it is: which bytes of the body hold it, escapes as they came. Nothing of it is decoded or copied.
/// </summary>
/// <param name="Content">What stands between the quotes: an address, or the base64 of a file; empty when the request only names a file elsewhere.</param>
/// <param name="MediaType">What kind of file the base64 is, between its quotes; empty for an address.</param>
internal readonly record struct PromptImage(Range Content, Range MediaType = default)
{
    /// <summary>Images that are in the body itself may be as large as the moderation of a provider takes them, 20 MB.</summary>
    public const int MostCharacters = 28 * 1024 * 1024;

    /// <summary>An image that nobody but the provider of the chat can look at.</summary>
    public static readonly PromptImage Elsewhere;

    private static readonly byte[] Quote = "\""u8.ToArray();
    private static readonly byte[] Data = "\"data:"u8.ToArray();
    private static readonly byte[] Base64 = ";base64,"u8.ToArray();

    /// <summary>The image's address as one JSON string, in pieces; a file is an address with <c>data:</c>. Empty when there is none, or the file is too large.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> In(ReadOnlyMemory<byte> body)
    {
        var (content, mediaType) = (body[Content], body[MediaType]);
        if (content.Length is 0 or > MostCharacters) return [];
        return mediaType.IsEmpty ? [Quote, content, Quote] : [Data, mediaType, Base64, content, Quote];
    }
}
