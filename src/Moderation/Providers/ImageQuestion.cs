using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Aigc2d.Moderation.Verdicts;

namespace Aigc2d.Moderation.Providers;

/// <summary>
/// A question about one image as a provider's moderation wants it. A file passes through in pieces, and what is kept of it is its hash; an address is read,
/// checked, and asked about as it was understood.
/// </summary>
internal sealed class ImageQuestion : HttpContent
{
    private const int LongestAddress = 8 * 1024;
    private static readonly byte[] After = "}}]}"u8.ToArray();

    private readonly byte[] _before;
    private readonly PipeReader? _file;
    private readonly long? _fileLength;
    private readonly ImageHash? _fileHash;
    private string? _hash;

    private ImageQuestion(string model, PipeReader file, long? length, ImageHash hash)
        : this(BeforeAddress(model)) => (_file, _fileLength, _fileHash) = (file, length, hash);

    private ImageQuestion(string model, Uri address, string hash)
        : this([.. BeforeAddress(model), .. JsonSerializer.SerializeToUtf8Bytes(address.AbsoluteUri)]) => _hash = hash;

    private ImageQuestion(byte[] before)
    {
        _before = before;
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    /// <summary>What is kept of the image; null until it has been asked about.</summary>
    public string? Hash => _hash;

    /// <summary>Null when nobody may or can look at what is sent.</summary>
    /// <param name="address">One JSON string: the image's address.</param>
    /// <param name="length">How long it is, bytes; null when that is not known.</param>
    /// <param name="model">The moderation model.</param>
    /// <param name="evidence">What hashes.</param>
    /// <param name="ct">Cancels the reading.</param>
    public static async Task<ImageQuestion?> ReadAsync(PipeReader address, long? length, string model, EvidenceHash evidence, CancellationToken ct)
    {
        var beginning = await address.ReadAtLeastAsync(FileMark.Length, ct);
        var isFile = beginning.Buffer.Length >= FileMark.Length && beginning.Buffer.Slice(0, FileMark.Length).ToArray().AsSpan().SequenceEqual(FileMark);
        address.AdvanceTo(beginning.Buffer.Start);
        if (isFile) return new ImageQuestion(model, address, length, evidence.OfImage());

        var whole = await address.ReadAtLeastAsync(LongestAddress + 1, ct);
        var isLong = whole.Buffer.Length > LongestAddress;
        var text = isLong ? [] : whole.Buffer.ToArray();
        address.AdvanceTo(whole.Buffer.End);
        return ImageAddress.Of(TextOf(text)) is { } checkedAddress ? new ImageQuestion(model, checkedAddress, evidence.OfAddress(checkedAddress)) : null;
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(_before, cancellationToken);
        if (_file is not null) await PassAsync(_file, stream, cancellationToken);
        await stream.WriteAsync(After, cancellationToken);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override bool TryComputeLength(out long length)
    {
        length = _before.Length + (_fileLength ?? 0) + After.Length;
        return _file is null || _fileLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _fileHash?.Dispose();
        base.Dispose(disposing);
    }

    private static ReadOnlySpan<byte> FileMark => "\"data:"u8;

    private async Task PassAsync(PipeReader file, Stream stream, CancellationToken ct)
    {
        for (var isLast = false; !isLast;)
        {
            var read = await file.ReadAsync(ct);
            foreach (var piece in read.Buffer)
            {
                _fileHash!.Append(piece.Span);
                await stream.WriteAsync(piece, ct);
            }

            isLast = read.IsCompleted;
            file.AdvanceTo(read.Buffer.End);
        }

        _hash = _fileHash!.End();
    }

    private static byte[] BeforeAddress(string model) =>
        [.. "{\"model\":"u8, .. JsonSerializer.SerializeToUtf8Bytes(model), .. ",\"input\":[{\"type\":\"image_url\",\"image_url\":{\"url\":"u8];

    private static string? TextOf(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize<string>(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
