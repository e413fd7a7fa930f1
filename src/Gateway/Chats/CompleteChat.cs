using Aigc2d.Gateway.Dialects.OpenAi;
using Aigc2d.Gateway.Forwarding;
using Aigc2d.Gateway.Limits;

namespace Aigc2d.Gateway.Chats;

/// <summary>
/// <c>POST /v1/chat/completions</c>: key → body → model → limits → admission (screening and hold side by side) → provider. What is refused on the
/// way costs nothing and reaches nobody behind.
/// </summary>
internal sealed class CompleteChat(ReceiveChat receive, LimitTable limits, AdmitChat admission, ForwardChat forward)
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/chat/completions", static (HttpContext context, CompleteChat chat) => chat.HandleAsync(context));

    private async Task HandleAsync(HttpContext context)
    {
        try
        {
            if (await RefusalOrForwardAsync(context) is { } refusal) await refusal.ExecuteAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to answer.
        }
    }

    private async Task<IResult?> RefusalOrForwardAsync(HttpContext context)
    {
        var (received, error) = await receive.ReceiveAsync(context);
        if (received is null) return error;

        if (RegionWish.IsMalformed(context.Request)) return OpenAiErrors.InvalidRegion();

        var (principal, chat, body) = received;
        var tokens = chat.InputTokens + (long)(chat.MaxOutputTokens ?? 0) * chat.Choices;
        using var started = limits.Start(principal, tokens);
        RateHeaders.Write(context.Response.Headers, started.Verdict);
        if (started.Verdict.Refused != LimitKind.None) return AdmissionErrors.RateLimited(started.Verdict);
        if (await admission.RefusalOfAsync(context, received, started) is { } refused) return refused;

        await forward.ForwardAsync(context, principal, chat, body);
        return null;
    }
}
