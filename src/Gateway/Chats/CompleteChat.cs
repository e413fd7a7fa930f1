using Aigc2d.Gateway.Bodies;
using Aigc2d.Gateway.Dialects.OpenAi;
using Aigc2d.Gateway.Forwarding;
using Aigc2d.Gateway.Keys;
using Aigc2d.Gateway.Limits;
using Aigc2d.Gateway.Models;

namespace Aigc2d.Gateway.Chats;

/// <summary>
/// <c>POST /v1/chat/completions</c>: key → body → model → limits → admission (screening and hold side by side) → provider. What is refused on the
/// way costs nothing and reaches nobody behind.
/// </summary>
internal sealed class CompleteChat(
    Access access, CallableModels models, LimitTable limits, AdmitChat admission, ForwardChat forward)
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
        var caller = await access.DecideAsync(context, Access.Inference);
        if (AccessErrors.Of(caller, Access.Inference) is { } denied) return denied;

        var principal = caller.Principal!;
        var (body, unreadable) = await ReadBody.ReadAsync(context.Request, context.RequestAborted);
        if (unreadable is not null) return unreadable;
        if (!ChatBody.TryRead(body.Span, out var chat, out var refusal)) return OpenAiErrors.Invalid(refusal);
        if (!CallableModels.MayCall(principal, chat.Model)) return await models.ErrorForAsync(chat.Model, context.RequestAborted);

        var tokens = chat.InputTokens + (long)(chat.MaxOutputTokens ?? 0) * chat.Choices;
        using var started = limits.Start(principal, tokens);
        RateHeaders.Write(context.Response.Headers, started.Verdict);
        if (started.Verdict.Refused != LimitKind.None) return AdmissionErrors.RateLimited(started.Verdict);

        if (await admission.RefusalOfAsync(context, principal, chat, body, started) is { } refused) return refused;

        await forward.ForwardAsync(context, principal, chat, body);
        return null;
    }
}
