using Aigc2d.Contracts.Accounts;
using Aigc2d.Gateway.Bodies;
using Aigc2d.Gateway.Dialects.OpenAi;
using Aigc2d.Gateway.Keys;
using Aigc2d.Gateway.Models;

namespace Aigc2d.Gateway.Chats;

/// <summary>A chat request of somebody who may make it.</summary>
internal sealed record ReceivedChat(Principal Principal, ChatRequest Chat, ReadOnlyMemory<byte> Body);

/// <summary>Finds out who is asking and what, from memory and from the body alone.</summary>
internal sealed class ReceiveChat(Access access, BodyBudget bodies, CallableModels models)
{
    /// <summary>The request, or the error to answer. Exactly one is set.</summary>
    public async Task<(ReceivedChat? Received, OpenAiError? Error)> ReceiveAsync(HttpContext context)
    {
        var caller = await access.DecideAsync(context, Access.Inference);
        if (AccessErrors.Of(caller, Access.Inference) is { } denied) return (null, denied);

        var share = bodies.Begin();
        context.Response.RegisterForDispose(share);
        var (body, unreadable) = await ReadBody.ReadAsync(context.Request, share, context.RequestAborted);
        if (unreadable is not null) return (null, unreadable);
        if (!ChatBody.TryRead(body.Span, out var chat, out var refusal)) return (null, OpenAiErrors.Invalid(refusal));

        var principal = caller.Principal!;
        return CallableModels.MayCall(principal, chat.Model)
            ? (new(principal, chat, body), null)
            : (null, await models.ErrorForAsync(chat.Model, context.RequestAborted));
    }
}
