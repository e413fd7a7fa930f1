using System.Text.Json;
using Aigc2d.Sandbox.Gates;
using Aigc2d.Sandbox.Scripts;

namespace Aigc2d.Sandbox.Calls;

/// <summary>One request under way, with the script that holds for it.</summary>
public sealed class ScriptedCall(HttpContext http, IDialect dialect, JsonElement body, ScriptedModel model, NamedGates gates, ScriptedFailures failures, TimeProvider time)
{
    public HttpContext Http => http;

    /// <summary>The JSON body; an empty object where the route needs none.</summary>
    public JsonElement Body => body;

    public ScriptedModel Model => model;

    /// <summary>What holds for this request once it has behaved: the faults may be used up.</summary>
    public Script Script { get; private set; } = model.Script;

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Waits as scripted; the result is the scripted error, if there is one.</summary>
    public async Task<IResult?> BehaveAsync()
    {
        var ct = http.RequestAborted;
        Script = failures.Take(model);
        dialect.WriteHeaders(http, Script);
        if (Script is { Gate: { } gate, GateAfter: null }) await gates.WaitAsync(gate, ct);
        if (Script.Hang) await Task.Delay(Timeout.InfiniteTimeSpan, time, ct);
        if (Script.First > TimeSpan.Zero) await Task.Delay(Script.First, time, ct);

        // An error code beside an error frame is that frame's.
        if (Script.Status is null && (Script.ErrorCode is null || Script.ErrorFrameAfter is not null)) return null;

        if (Script.RetryAfterSeconds is { } seconds) http.Response.Headers.RetryAfter = $"{seconds}";
        return dialect.Fail(http, Script);
    }

    /// <summary>Waits where a stream meets its gate after so many pieces.</summary>
    public Task WaitInStreamAsync(int sent) =>
        Script is { Gate: { } gate, GateAfter: { } after } && after == sent ? gates.WaitAsync(gate, http.RequestAborted) : Task.CompletedTask;

    /// <summary>Sends a plain answer; the faults of a script break it in its middle.</summary>
    public async Task<IResult> AnswerAsync(byte[] body)
    {
        var ct = http.RequestAborted;
        if (Script.GarbageAfter is not null || Script.EndAfter is not null) body = body[..(body.Length / 2)];
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        if (Script.CutAfter is null && Script.HangAfter is null)
        {
            await http.Response.Body.WriteAsync(body, ct);
            return Results.Empty;
        }

        await http.Response.Body.WriteAsync(body.AsMemory(0, body.Length / 2), ct);
        await http.Response.Body.FlushAsync(ct);
        if (Script.HangAfter is not null) await Task.Delay(Timeout.InfiniteTimeSpan, time, ct);
        await BrokenConnection.CauseAsync(http, time);
        return Results.Empty;
    }
}
