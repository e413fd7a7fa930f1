using Aigc2d.Contracts.Accounts;
using Aigc2d.Gateway.Bodies;
using Aigc2d.Gateway.Dialects;
using Aigc2d.Gateway.Keys;
using Aigc2d.Gateway.Models;

namespace Aigc2d.Gateway.Calls;

/// <summary>A call of somebody who may make it.</summary>
internal sealed record ReceivedCall(CallRoute Route, Principal Principal, CallRequest Call, ReadOnlyMemory<byte> Body);

/// <summary>Finds out who is asking and what, from memory and from the body alone.</summary>
internal sealed class ReceiveCall(Access access, BodyBudget bodies, CallableModels models, TimeProvider time)
{
    /// <summary>The call, or the error to answer. Exactly one is set.</summary>
    public async Task<(ReceivedCall? Received, ApiError? Error)> ReceiveAsync(HttpContext context, CallRoute route)
    {
        var caller = await access.DecideAsync(context, Access.Inference);
        if (AccessErrors.Of(caller, Access.Inference) is { } denied) return (null, denied);

        var share = bodies.Begin();
        context.Response.RegisterForDispose(share);
        var (body, unreadable) = await ReadBody.ReadAsync(context.Request, share, time, context.RequestAborted);
        if (unreadable is not null) return (null, unreadable);
        if (!route.NewBody().TryRead(body.Span, out var call, out var refusal)) return (null, ApiErrors.Invalid(refusal));

        var principal = caller.Principal!;
        return CallableModels.MayCall(principal, call.Model)
            ? (new(route, principal, call, body), null)
            : (null, await models.ErrorForAsync(call.Model, context.RequestAborted));
    }
}
