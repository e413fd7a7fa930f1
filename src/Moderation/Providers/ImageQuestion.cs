using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Aigc2d.Moderation.Verdicts;

namespace Aigc2d.Moderation.Providers;

/// <summary>A question about one image as a provider's moderation wants it: about a file as it came, or about an address as it was read and checked.</summary>
internal sealed class ImageQuestion : HttpContent
{
    private const int LongestAddress = 8 * 1024;
    private static readonly byte[] After = "}}]}"u8.ToArray();

    private readonly Uri? _address;
    private readonly ReadOnlyMemory<byte>[] _pieces;

    private ImageQuestion(string model, ReadOnlyMemory<byte> image, Uri? address)
    {
        (Image, _address) = (image, address);
        byte[] before = [.. "{\"model\":"u8, .. JsonSerializer.SerializeToUtf8Bytes(model), .. ",\"input\":[{\"type\":\"image_url\",\"image_url\":{\"url\":"u8];
        _pieces = [before, image, After];
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    /// <summary>The image as it is asked about: its address as one JSON string.</summary>
    public ReadOnlyMemory<byte> Image { get; }

    /// <summary>Whether the image itself is there, and not only where it was when somebody looked.</summary>
    public bool IsFile => _address is null;

    /// <summary>Null when nobody may or can look at what is sent.</summary>
    /// <param name="image">One JSON string: the image's address.</param>
    /// <param name="model">The moderation model.</param>
    public static ImageQuestion? Of(ReadOnlyMemory<byte> image, string model)
    {
        if (image.Span.StartsWith("\"data:"u8)) return new ImageQuestion(model, image, null);
        if (image.Length > LongestAddress || ImageAddress.Of(TextOf(image)) is not { } address) return null;

        return new ImageQuestion(model, JsonSerializer.SerializeToUtf8Bytes(address.AbsoluteUri), address);
    }

    /// <summary>What is kept of the image on record.</summary>
    public string HashBy(EvidenceHash evidence) => _address is null ? evidence.OfImage(Image.Span) : evidence.OfAddress(_address);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        foreach (var piece in _pieces) await stream.WriteAsync(piece, cancellationToken);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override bool TryComputeLength(out long length)
    {
        length = _pieces.Sum(piece => (long)piece.Length);
        return true;
    }

    private static string? TextOf(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<string>(json.Span);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
