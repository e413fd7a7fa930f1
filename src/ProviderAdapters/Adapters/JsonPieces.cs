using System.Net;
using System.Net.Http.Headers;

namespace Aigc2d.ProviderAdapters.Adapters;

/// <summary>A JSON body in pieces of memory; says when the last of them has been handed to the connection.</summary>
internal sealed class JsonPieces : HttpContent
{
    private readonly IReadOnlyList<ReadOnlyMemory<byte>> _pieces;
    private readonly Action _onWritten;

    public JsonPieces(IReadOnlyList<ReadOnlyMemory<byte>> pieces, Action onWritten)
    {
        _pieces = pieces;
        _onWritten = onWritten;
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        foreach (var piece in _pieces) await stream.WriteAsync(piece, cancellationToken);
        await stream.FlushAsync(cancellationToken);
        _onWritten();
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override bool TryComputeLength(out long length)
    {
        length = _pieces.Sum(piece => (long)piece.Length);
        return true;
    }
}
