using System.Buffers;
using Aigc2d.Gateway.Dialects;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Aigc2d.Gateway.Bodies;

/// <summary>Reads a JSON body into memory, up to a limit, and no faster than it arrives.</summary>
internal static class ReadBody
{
    public const int MostBytes = 32 * 1024 * 1024;
    private const int MostChunkedBytes = 2 * MostBytes;
    private const int FirstBytes = 16 * 1024;

    /// <summary>How long a body may take to arrive: what has come of it holds memory all the while.</summary>
    public static readonly TimeSpan LongestTime = TimeSpan.FromSeconds(300);

    /// <summary>The bytes, or the error to answer.</summary>
    /// <param name="request">The request.</param>
    /// <param name="share">What this request may hold.</param>
    /// <param name="time">The clock that limits the reading.</param>
    /// <param name="ct">Cancels the reading.</param>
    public static async Task<(ReadOnlyMemory<byte> Body, ApiError? Error)> ReadAsync(HttpRequest request, BodyBudget.Share share, TimeProvider time, CancellationToken ct)
    {
        if (request.Headers.ContentEncoding is { Count: > 0 } encoding && encoding != "identity") return (default, ApiErrors.UnsupportedEncoding());
        if (!IsJson(request.ContentType)) return (default, ApiErrors.UnsupportedContentType());

        LimitHere(request);
        if (request.ContentLength > MostBytes) return (default, ApiErrors.BodyTooLarge(MostBytes));

        using var deadline = new CancellationTokenSource(LongestTime, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
        try
        {
            return await CopyAsync(request, share, stop.Token);
        }
        catch (BadHttpRequestException exception)
        {
            return (default, ApiErrors.BodyNotReceived(exception.StatusCode));
        }
        catch (IOException)
        {
            // What the server cannot make sense of is not always told as a bad request, for example chunks beyond any size.
            return (default, ApiErrors.BodyNotReceived(StatusCodes.Status400BadRequest));
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            return (default, ApiErrors.BodyNotReceived(StatusCodes.Status408RequestTimeout));
        }
    }

    /// <summary>
    /// Leaves the limit to whoever reads the body, with an answer that names it: the server would break off clients that send first and read then.
    /// Of chunks it still counts everything, for what is no content there never comes to an end.
    /// </summary>
    public static void LimitHere(HttpRequest request)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = request.ContentLength is null ? MostChunkedBytes : null;
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
