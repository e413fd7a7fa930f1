using Aigc2d.Gateway.Dialects;
using Aigc2d.Gateway.Forwarding;

namespace Aigc2d.Gateway.Calls;

/// <summary>
/// The way of every call to a provider: key → body → model → limits → admission (screening and hold side by side) → provider. What is refused on
/// the way costs nothing and reaches nobody behind.
/// </summary>
internal sealed class AnswerCall(ReceiveCall receive, StartCalls starts, CallAdmission admission, ForwardCall forward)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var route in CallRoute.All) routes.MapPost(route.Path, (HttpContext context, AnswerCall calls) => calls.HandleAsync(context, route));
    }

    private async Task HandleAsync(HttpContext context, CallRoute route)
    {
        try
        {
            if (await RefusalOrForwardAsync(context, route) is { } refusal) await refusal.ExecuteAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to answer.
        }
    }

    private async Task<IResult?> RefusalOrForwardAsync(HttpContext context, CallRoute route)
    {
        var (received, error) = await receive.ReceiveAsync(context, route);
        if (received is null) return error;

        if (RegionWish.IsMalformed(context.Request)) return ApiErrors.InvalidRegion();

        var call = received.Call;
        var tokens = call.InputTokens + (long)(call.MaxOutputTokens ?? 0) * call.Choices;
        using var started = starts.Start(context, received, tokens);
        if (AdmissionErrors.RateLimited(started.Verdict, call) is { } full) return full;
        if (await admission.RefusalOfAsync(context, received, started) is { } refused) return refused;

        await forward.ForwardAsync(context, received);
        return null;
    }
}
