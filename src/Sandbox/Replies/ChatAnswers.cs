using Aigc2d.Sandbox.Calls;

namespace Aigc2d.Sandbox.Replies;

/// <summary>Answers a chat or completion request of any format, plain or as a stream, with the faults that its script asks for.</summary>
public sealed class ChatAnswers(ScriptedCalls calls, TimeProvider time)
{
    public Task<IResult> HandleAsync(HttpContext http, IChatFormat format, string? nameInPath = null) => calls.HandleAsync(http, format.Dialect, nameInPath, async call =>
    {
        var request = format.Read(call);
        if (await call.BehaveAsync() is { } failure) return failure;

        var reply = Reply.Compose(call, request);
        if (!request.Stream) return await call.AnswerAsync(reply.Script.ErrorFrameAfter is null ? format.Plain(reply) : format.PlainError(reply));

        await WriteStreamAsync(call, format, reply);
        return Results.Empty;
    });

    private async Task WriteStreamAsync(ScriptedCall call, IChatFormat format, Reply reply)
    {
        var http = call.Http;
        var ct = http.RequestAborted;
        var script = reply.Script;
        http.Response.ContentType = "text/event-stream; charset=utf-8";
        http.Response.Headers.CacheControl = "no-cache";
        using var frames = new FrameWriter(http.Response.BodyWriter);
        format.Open(frames, reply);
        await frames.FlushAsync(ct);

        foreach (var piece in reply.Pieces)
        {
            if (!await GoOnAsync(call, format, frames, reply, piece.Number)) return;
            if (piece.Number > 0 && script.Interval > TimeSpan.Zero) await Task.Delay(script.Interval, time, ct);
            format.Write(frames, reply, piece);
            await frames.FlushAsync(ct);
        }

        if (!await GoOnAsync(call, format, frames, reply, reply.Pieces.Length)) return;
        format.Close(frames, reply);
        await frames.FlushAsync(ct);
    }

    /// <summary>The gate and the fault that are due after so many pieces; false when the stream is over with it.</summary>
    private async Task<bool> GoOnAsync(ScriptedCall call, IChatFormat format, FrameWriter frames, Reply reply, int sent)
    {
        await call.WaitInStreamAsync(sent);
        var (http, script) = (call.Http, reply.Script);
        if (!script.HasFaultAfter(sent)) return true;
        if (script.GarbageAfter == sent) format.WriteGarbage(frames);
        if (script.ErrorFrameAfter == sent) format.WriteError(frames, reply);
        await frames.FlushAsync(http.RequestAborted);
        if (script.HangAfter == sent) await Task.Delay(Timeout.InfiniteTimeSpan, time, http.RequestAborted);
        if (script.CutAfter == sent) await BrokenConnection.CauseAsync(http, time);
        return script.CutAfter != sent && script.EndAfter != sent && script.ErrorFrameAfter != sent;
    }
}
