using System.Buffers;
using Aigc2d.Gateway.Dialects;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Aigc2d.Gateway.Bodies;

/// <summary>Reads a JSON body into memory, up to a limit, and no faster than it arrives.</summary>
internal static class ReadBody
{
    public const int MostBytes = 32 * 1024 * 1024;
    private const int FirstBytes = 16 * 1024;

    /// <summary>The bytes, or the error to answer.</summary>
    /// <param name="request">The request.</param>
    /// <param name="share">What this request may hold.</param>
    /// <param name="ct">Cancels the reading.</param>
    public static async Task<(ReadOnlyMemory<byte> Body, ApiError? Error)> ReadAsync(HttpRequest request, BodyBudget.Share share, CancellationToken ct)
    {
        if (request.Headers.ContentEncoding is { Count: > 0 } encoding && encoding != "identity") return (default, ApiErrors.UnsupportedEncoding());
        if (!IsJson(request.ContentType)) return (default, ApiErrors.UnsupportedContentType());

        // The limit is enforced here, with an answer that names it; the server would break off clients that send first and read then.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = null;
        if (request.ContentLength > MostBytes) return (default, ApiErrors.BodyTooLarge(MostBytes));

        try
        {
            return await CopyAsync(request, share, ct);
        }
        catch (BadHttpRequestException exception)
        {
            return (default, ApiErrors.BodyNotReceived(exception.StatusCode));
        }
    }

    private static async Task<(ReadOnlyMemory<byte> Body, ApiError? Error)> CopyAsync(HttpRequest request, BodyBudget.Share share, CancellationToken ct)
    {
        // Grows with what has really come: a promised length alone reserves nothing.
        var body = new ArrayBufferWriter<byte>((int)Math.Clamp(request.ContentLength ?? 0, 1, FirstBytes));
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(ct);
            var length = body.WrittenCount + read.Buffer.Length;
            var fits = length <= MostBytes && share.TryTake(read.Buffer.Length);
            foreach (var piece in fits ? read.Buffer : default) body.Write(piece.Span);

            // Also of what is refused: the server reads the rest away and keeps the connection, but only when nothing is left half read.
            request.BodyReader.AdvanceTo(read.Buffer.End);
            if (!fits) return (default, length > MostBytes ? ApiErrors.BodyTooLarge(MostBytes) : ApiErrors.Unavailable());
            if (read.IsCompleted) return (body.WrittenMemory, null);
        }
    }

    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));
}
