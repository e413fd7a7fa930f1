using Aigc2d.Contracts.Accounts;
using Aigc2d.Contracts.Billing;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Gateway.Admission;
using Aigc2d.Gateway.Dialects;
using Aigc2d.Gateway.Edges;
using Aigc2d.Gateway.Limits;

namespace Aigc2d.Gateway.Calls;

/// <summary>Takes a call through admission and says in its dialect what is refused.</summary>
internal sealed class CallAdmission(AdmitCall admission, IdempotencyMarks marks, StartCalls starts, AppealLinks appeals, TimeProvider time)
{
    /// <summary>Null when the call is admitted: its prompt is screened, its points are held and its tokens are counted.</summary>
    /// <exception cref="OperationCanceledException">The client has gone away.</exception>
    public async Task<IResult?> RefusalOfAsync(HttpContext context, ReceivedCall received, StartedCall started)
    {
        var (route, principal, call, body) = received;
        var sent = context.Request.Headers[IdempotencyMarks.Header];
        if (sent.Count > 1 || (sent.Count == 1 && !IdempotencyMarks.IsAcceptable(sent[0]!))) return ApiErrors.InvalidIdempotencyKey();

        var mark = sent.Count == 1 ? marks.Of(sent[0]!, body.Span) : null;
        var trail = CallTrail.Of(context);
        var askedAt = time.GetTimestamp();
        var decision = await admission.AdmitAsync(
            ScreeningOf(trail.RequestId, principal, call), [.. call.Images.Select(image => image.In(body))], HoldOf(trail.RequestId, principal, call, mark), route.Support is not null, context.RequestAborted);
        trail.Admission = time.GetElapsedTime(askedAt);

        var refusal = RefusalOf(decision, received, trail, context) ?? RefuseBeyondTokens(decision.Hold!, received, trail, started);
        if (refusal is not null) started.ReturnTokens();
        starts.Tell(context, started);
        return refusal;
    }

    private IResult? RefusalOf(AdmissionDecision decision, ReceivedCall received, CallTrail trail, HttpContext context) => decision.Outcome switch
    {
        AdmissionOutcome.Admitted => null,
        AdmissionOutcome.Blocked => AdmissionErrors.ContentPolicy(decision.Verdict!, appeals.For(context.Request, trail.RequestId)),
        AdmissionOutcome.ImageUnreadable => AdmissionErrors.ImageUnreadable(received.Call),
        AdmissionOutcome.Support => received.Route.Support!(received.Call, trail.RequestId, time.GetUtcNow()),
        AdmissionOutcome.HoldRefused => AdmissionErrors.HoldRefused(decision.Hold!, received.Call, time.GetUtcNow()),
        AdmissionOutcome.Unavailable => ApiErrors.Unavailable(),
        _ => throw new InvalidOperationException($"Unhandled outcome {decision.Outcome}."),
    };

    // How much output is held is known only now when the client set no limit.
    private ApiError? RefuseBeyondTokens(PlaceHoldResult hold, ReceivedCall received, CallTrail trail, StartedCall started)
    {
        if (started.TryCorrectTokens((long)received.Call.InputTokens + hold.HeldOutputTokens)) return null;

        admission.Withdraw(trail.RequestId, received.Principal.AccountId, "rate_limited");
        return AdmissionErrors.RateLimited(started.Verdict, received.Call);
    }

    private static Screening ScreeningOf(Guid requestId, Principal principal, CallRequest call) => new()
    {
        RequestId = requestId,
        AccountId = principal.AccountId,
        Stage = ScreeningStage.Prompt,
        Texts = call.Texts,
        Images = call.Images.Length,
        ForEmbeddings = call.IsForEmbeddings,
        Strictness = principal.Plan.Strictness,
        EndUser = call.EndUser,
    };

    private static PlaceHold HoldOf(Guid requestId, Principal principal, CallRequest call, IdempotencyMark? mark) => new()
    {
        RequestId = requestId,
        AccountId = principal.AccountId,
        KeyId = principal.KeyId,
        Model = call.Model,
        InputTokens = call.InputTokens,
        MaxOutputTokens = call.MaxOutputTokens,
        Choices = call.Choices,
        MultiplierPpm = principal.Plan.MultiplierPpm,
        AccountMicropointsPerDay = principal.Plan.MicropointsPerDay,
        KeyMicropointsPerDay = principal.MicropointsPerDay,
        IdempotencyKeyHash = mark?.KeyHash,
        BodyHash = mark?.BodyHash,
    };
}
