using System.Net.Sockets;
using Aigc2d.Sandbox.Calls;
using Microsoft.AspNetCore.Connections.Features;

namespace Aigc2d.Sandbox.Replies;

/// <summary>Answers a chat request of any format, plain or as a stream, with the faults that its script asks for.</summary>
public sealed class ChatAnswers(ScriptedCalls calls, TimeProvider time)
{
    // What was flushed must reach the socket before the connection breaks, or the caller could not tell after how many pieces it broke.
    private static readonly TimeSpan BeforeBreaking = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ForTheCallerToClose = TimeSpan.FromSeconds(2);

    public Task<IResult> HandleAsync(HttpContext http, IChatFormat format, string? nameInPath = null) => calls.HandleAsync(http, format.Dialect, nameInPath, async call =>
    {
        var request = format.Read(call);
        if (await call.BehaveAsync() is { } failure) return failure;

        var reply = Reply.Compose(call, request);
        await (request.Stream ? WriteStreamAsync(http, format, reply) : WritePlainAsync(http, format, reply));
        return Results.Empty;
    });

    private async Task WritePlainAsync(HttpContext http, IChatFormat format, Reply reply)
    {
        var ct = http.RequestAborted;
        var script = reply.Script;
        var body = script.ErrorFrameAfter is null ? format.Plain(reply) : format.PlainError(reply);
        if (script.GarbageAfter is not null || script.EndAfter is not null) body = body[..(body.Length / 2)];
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        if (script.CutAfter is null && script.HangAfter is null)
        {
            await http.Response.Body.WriteAsync(body, ct);
            return;
        }

        await http.Response.Body.WriteAsync(body.AsMemory(0, body.Length / 2), ct);
        await http.Response.Body.FlushAsync(ct);
        if (script.HangAfter is not null) await Task.Delay(Timeout.InfiniteTimeSpan, time, ct);
        await BreakAsync(http);
    }

    private async Task WriteStreamAsync(HttpContext http, IChatFormat format, Reply reply)
    {
        var ct = http.RequestAborted;
        var script = reply.Script;
        http.Response.ContentType = "text/event-stream; charset=utf-8";
        http.Response.Headers.CacheControl = "no-cache";
        using var frames = new FrameWriter(http.Response.BodyWriter);
        format.Open(frames, reply);
        await frames.FlushAsync(ct);

        foreach (var piece in reply.Pieces)
        {
            if (!await GoOnAsync(http, format, frames, reply, piece.Number)) return;
            if (piece.Number > 0 && script.Interval > TimeSpan.Zero) await Task.Delay(script.Interval, time, ct);
            format.Write(frames, reply, piece);
            await frames.FlushAsync(ct);
        }

        if (!await GoOnAsync(http, format, frames, reply, reply.Pieces.Length)) return;
        format.Close(frames, reply);
        await frames.FlushAsync(ct);
    }

    /// <summary>The fault that is due after so many pieces; false when the stream is over with it.</summary>
    private async Task<bool> GoOnAsync(HttpContext http, IChatFormat format, FrameWriter frames, Reply reply, int sent)
    {
        var script = reply.Script;
        if (!script.HasFaultAfter(sent)) return true;
        if (script.GarbageAfter == sent) format.WriteGarbage(frames);
        if (script.ErrorFrameAfter == sent) format.WriteError(frames, reply);
        await frames.FlushAsync(http.RequestAborted);
        if (script.HangAfter == sent) await Task.Delay(Timeout.InfiniteTimeSpan, time, http.RequestAborted);
        if (script.CutAfter == sent) await BreakAsync(http);
        return script.CutAfter != sent && script.EndAfter != sent && script.ErrorFrameAfter != sent;
    }

    /// <summary>Closes the connection in the middle of the answer. A reset would throw away what the caller has not read yet; a mere end is as broken and loses nothing.</summary>
    private async Task BreakAsync(HttpContext http)
    {
        await Task.Delay(BeforeBreaking, time, http.RequestAborted);
        http.Features.Get<IConnectionSocketFeature>()?.Socket.Shutdown(SocketShutdown.Send);
        try
        {
            await Task.Delay(ForTheCallerToClose, time, http.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The caller has noticed and closed its side.
        }

        http.Abort();
    }
}
