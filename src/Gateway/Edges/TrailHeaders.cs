using Aigc2d.Gateway.Dialects;

namespace Aigc2d.Gateway.Edges;

/// <summary>Gives every request its id and every response <c>x-request-id</c> and <c>Server-Timing</c>, errors included.</summary>
internal sealed class TrailHeaders(RequestDelegate next, TimeProvider time)
{
    public Task InvokeAsync(HttpContext context)
    {
        var trail = new CallTrail(time);
        context.Features.Set(trail);
        context.TraceIdentifier = trail.RequestId.ToString();
        // Written last: an error page that replaces a half-made response would lose headers that are set already.
        context.Response.OnStarting(
            static state =>
            {
                var (response, trail) = ((HttpResponse, CallTrail))state;
                ClientDialects.Of(response.HttpContext.Request)?.WriteTrail(response.Headers, trail.RequestId);
                response.Headers["x-request-id"] = trail.RequestId.ToString();
                response.Headers["Server-Timing"] = trail.ToServerTiming();
                return Task.CompletedTask;
            },
            (context.Response, trail));
        return next(context);
    }
}
