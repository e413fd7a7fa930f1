using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Aigc2d.Contracts;
using Aigc2d.Contracts.Moderation;

namespace Aigc2d.Gateway.Admission;

/// <summary>One image on its way to Moderation: the client's own bytes, in pieces that are written one after the other.</summary>
internal sealed class ImageQuestion : HttpContent
{
    private readonly IReadOnlyList<ReadOnlyMemory<byte>> _pieces;

    public ImageQuestion(IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        _pieces = pieces;
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    /// <summary>The question about an image of a prompt.</summary>
    public static HttpRequestMessage Of(Screening prompt, IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/internal/screenings/image") { Content = new ImageQuestion(pieces) };
        request.Headers.Add(CallHeaders.RequestId, prompt.RequestId.ToString());
        request.Headers.Add(CallHeaders.AccountId, prompt.AccountId.ToString());
        if (prompt.Strictness != Strictness.Standard) request.Headers.Add(CallHeaders.Strictness, JsonNamingPolicy.SnakeCaseLower.ConvertName(prompt.Strictness.ToString()));
        if (prompt.EndUser is { Length: > 0 } endUser) request.Headers.Add(CallHeaders.EndUser, Uri.EscapeDataString(endUser));
        return request;
    }

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
}
