using Aigc2d.Gateway.Dialects;
using Aigc2d.Gateway.Limits;

namespace Aigc2d.Gateway.Calls;

/// <summary>Counts calls against the plan and tells the client, in its dialect, what is left.</summary>
internal sealed class StartCalls(LimitTable limits, TimeProvider time)
{
    /// <summary>Counts a call until it is disposed, or refuses it.</summary>
    public StartedCall Start(HttpContext context, ReceivedCall received, long tokens)
    {
        var started = limits.Start(received.Principal, tokens);
        Tell(context, started);
        return started;
    }

    /// <summary>Writes the headers that say what is left, as far as it is known now.</summary>
    public void Tell(HttpContext context, StartedCall started) =>
        ClientDialects.Of(context.Request)!.WriteLimits(context.Response.Headers, started.Verdict, time.GetUtcNow());
}
