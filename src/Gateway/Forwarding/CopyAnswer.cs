using Aigc2d.Gateway.Dialects;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Aigc2d.Gateway.Forwarding;

/// <summary>How the copying of an answer ended.</summary>
internal enum CopyEnd
{
    Complete,

    /// <summary>The client closed the connection or read nothing for too long.</summary>
    ClientGone,

    /// <summary>The provider's side broke off.</summary>
    BrokenOff,
}

/// <summary>
/// Copies a provider's answer to the client as it arrives, flushing after each read. On quiet streams a comment every 15 s, between frames only,
/// keeps the connection alive.
/// </summary>
internal sealed class CopyAnswer(TimeProvider time)
{
    public static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(15);
    private const int BufferBytes = 16 * 1024;

    public async Task<CopyEnd> CopyAsync(HttpContext context, HttpResponseMessage answer, ProviderCall call)
    {
        var dialect = ClientDialects.Of(context.Request)!;
        var isStream = answer.Content.Headers.ContentType?.MediaType == "text/event-stream";
        var buffer = new byte[BufferBytes];
        var boundary = new SseBoundary();
        var wasToldError = false;
        try
        {
            await WriteHeadAsync(context, answer, isStream);
            // Closed with the call, not here: ProviderAdapters must hear of a client that has gone before it sees the connection close.
            var source = await call.OpenAsync();
            while (true)
            {
                var reading = call.ReadAsync(source, buffer);
                while (isStream && !await ArrivesInTimeAsync(reading, context.RequestAborted))
                {
                    if (boundary.IsBetweenFrames && !await WriteAsync(context, ": keep-alive\n\n"u8.ToArray())) return CopyEnd.ClientGone;
                }

                var length = await reading.WaitAsync(context.RequestAborted);
                if (length == 0) return CopyEnd.Complete;

                boundary.Advance(buffer.AsSpan(0, length));
                wasToldError = isStream && buffer.AsSpan(0, length).IndexOf(dialect.ErrorFrameStart) >= 0;
                if (!await WriteAsync(context, buffer.AsMemory(0, length))) return CopyEnd.ClientGone;
                call.SentBytes += length;
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return CopyEnd.ClientGone;
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            // ProviderAdapters explains a break itself; when it died, nobody else does.
            if (isStream && !wasToldError && boundary.IsBetweenFrames) await WriteAsync(context, dialect.BrokenOffFrame);
            return CopyEnd.BrokenOff;
        }
    }

    private static async Task WriteHeadAsync(HttpContext context, HttpResponseMessage answer, bool isStream)
    {
        // How slowly a client may read an answer that it pays for is judged here: as long as it reads at all, it keeps it.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = null;
        var response = context.Response;
        response.StatusCode = (int)answer.StatusCode;
        response.ContentType = answer.Content.Headers.ContentType?.ToString();
        response.ContentLength = answer.Content.Headers.ContentLength;
        if (!isStream) return;

        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        response.Headers.CacheControl = "no-cache";
        response.Headers["X-Accel-Buffering"] = "no";
        await response.StartAsync(context.RequestAborted);
        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private async Task<bool> ArrivesInTimeAsync(Task reading, CancellationToken clientGone)
    {
        try
        {
            await reading.WaitAsync(QuietTime, time, clientGone);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private Task<bool> WriteAsync(HttpContext context, ReadOnlyMemory<byte> bytes) => SlowReaders.WriteAsync(context, bytes, time);
}
