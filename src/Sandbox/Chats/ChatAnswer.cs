using System.Buffers;
using System.IO.Pipelines;
using Aigc2d.Sandbox.Scripts;

namespace Aigc2d.Sandbox.Chats;

/// <summary>Writes a reply, plain or as a stream, with the faults that its script asks for.</summary>
public sealed class ChatAnswer(TimeProvider time)
{
    // What was flushed must reach the caller before the connection breaks, or the caller could not tell after how many chunks it broke.
    private static readonly TimeSpan BeforeBreaking = TimeSpan.FromMilliseconds(100);

    public Task WriteAsync(HttpContext http, ChatRequest request, ChatReply reply) =>
        request.Stream ? WriteStreamAsync(http, request, reply) : WritePlainAsync(http, request.Model.Script, reply);

    private async Task WritePlainAsync(HttpContext http, Script script, ChatReply reply)
    {
        var ct = http.RequestAborted;
        if (script.ErrorFrameAfter is not null)
        {
            await http.Response.WriteAsJsonAsync(OpenAiError.Of("server_error", null, "The model is overloaded."), ct);
            return;
        }

        var body = ChatJson.Completion(script.BigLineBytes is { } size ? reply with { Pieces = [new string('x', size)] } : reply);
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

    private async Task WriteStreamAsync(HttpContext http, ChatRequest request, ChatReply reply)
    {
        var script = request.Model.Script;
        var output = http.Response.BodyWriter;
        http.Response.ContentType = "text/event-stream; charset=utf-8";
        http.Response.Headers.CacheControl = "no-cache";
        for (var choice = 0; choice < reply.Choices; choice++) Write(output, ChatJson.RoleChunk(reply, choice, request.IncludeUsage));
        await output.FlushAsync(http.RequestAborted);

        for (var sent = 0; sent <= reply.Pieces.Length; sent++)
        {
            if (!await GoOnAsync(http, script, reply, sent)) return;
            if (sent == reply.Pieces.Length) break;
            if (sent > 0 && script.Interval > TimeSpan.Zero) await Task.Delay(script.Interval, time, http.RequestAborted);
            for (var choice = 0; choice < reply.Choices; choice++)
            {
                Write(output, ChatJson.PieceChunk(reply, choice, reply.Pieces[sent], sent == 0, request.IncludeUsage));
            }

            await output.FlushAsync(http.RequestAborted);
        }

        WriteEnd(output, request, reply);
        await output.FlushAsync(http.RequestAborted);
    }

    /// <summary>The fault that is due after so many chunks; false when the stream is over with it.</summary>
    private async Task<bool> GoOnAsync(HttpContext http, Script script, ChatReply reply, int sent)
    {
        var output = http.Response.BodyWriter;
        if (script.BigLineBytes is { } size && sent == 0) Write(output, ChatJson.PieceChunk(reply, 0, new string('x', size), first: true, includeUsage: false));
        if (script.GarbageAfter == sent) Write(output, "{\"id\":\"chatcmpl-7\",\"choices\":[{\"index\":0,\"delta\""u8);
        if (script.ErrorFrameAfter == sent) Write(output, """{"error":{"message":"The server had an error.","type":"server_error","param":null,"code":null}}"""u8);
        await output.FlushAsync(http.RequestAborted);
        if (script.HangAfter == sent) await Task.Delay(Timeout.InfiniteTimeSpan, time, http.RequestAborted);
        if (script.CutAfter == sent) await BreakAsync(http);
        return script.CutAfter != sent && script.EndAfter != sent && script.ErrorFrameAfter != sent;
    }

    private static void WriteEnd(PipeWriter output, ChatRequest request, ChatReply reply)
    {
        for (var choice = 0; choice < reply.Choices; choice++) Write(output, ChatJson.FinishChunk(reply, choice, request.IncludeUsage));
        if (request.IncludeUsage && reply.Usage is { } usage) Write(output, ChatJson.UsageChunk(reply, usage));
        if (!request.Model.Script.NoDone) Write(output, "[DONE]"u8);
        if (request.Model.Script.DoubleDone) Write(output, "[DONE]"u8);
    }

    private async Task BreakAsync(HttpContext http)
    {
        await Task.Delay(BeforeBreaking, time, http.RequestAborted);
        http.Abort();
    }

    private static void Write(PipeWriter output, ReadOnlySpan<byte> data)
    {
        output.Write("data: "u8);
        output.Write(data);
        output.Write("\n\n"u8);
    }
}
