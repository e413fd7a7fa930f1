using Aigc2d.Contracts.Accounts;
using Aigc2d.Contracts.Billing;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Gateway.Admission;
using Aigc2d.Gateway.Dialects.OpenAi;
using Aigc2d.Gateway.Edges;
using Aigc2d.Gateway.Limits;

namespace Aigc2d.Gateway.Chats;

/// <summary>Takes a chat request through admission and says in its dialect what is refused.</summary>
internal sealed class AdmitChat(AdmitCall admission, IdempotencyMarks marks, AppealLinks appeals, TimeProvider time)
{
    /// <summary>Null when the call is admitted: its prompt is screened, its points are held and its tokens are counted.</summary>
    /// <exception cref="OperationCanceledException">The client has gone away.</exception>
    public async Task<IResult?> RefusalOfAsync(HttpContext context, ReceivedChat received, StartedCall started)
    {
        var (principal, chat, body) = received;
        var sent = context.Request.Headers[IdempotencyMarks.Header];
        if (sent.Count > 1 || (sent.Count == 1 && !IdempotencyMarks.IsAcceptable(sent[0]!))) return OpenAiErrors.InvalidIdempotencyKey();

        var mark = sent.Count == 1 ? marks.Of(sent[0]!, body.Span) : null;
        var trail = CallTrail.Of(context);
        var askedAt = time.GetTimestamp();
        var decision = await admission.AdmitAsync(
            ScreeningOf(trail.RequestId, principal, chat), HoldOf(trail.RequestId, principal, chat, mark), context.RequestAborted);
        trail.Admission = time.GetElapsedTime(askedAt);

        var refusal = RefusalOf(decision, chat, trail, context) ?? RefuseBeyondTokens(decision.Hold!, principal, chat, trail, started);
        if (refusal is not null) started.ReturnTokens();
        RateHeaders.Write(context.Response.Headers, started.Verdict);
        return refusal;
    }

    private IResult? RefusalOf(AdmissionDecision decision, ChatRequest chat, CallTrail trail, HttpContext context) => decision.Outcome switch
    {
        AdmissionOutcome.Admitted => null,
        AdmissionOutcome.Blocked => AdmissionErrors.ContentPolicy(decision.Verdict!, appeals.For(context.Request, trail.RequestId)),
        AdmissionOutcome.Support => new SupportAnswer(chat, trail.RequestId, time.GetUtcNow()),
        AdmissionOutcome.HoldRefused => AdmissionErrors.HoldRefused(decision.Hold!, chat, time.GetUtcNow()),
        AdmissionOutcome.Unavailable => OpenAiErrors.Unavailable(),
        _ => throw new InvalidOperationException($"Unhandled outcome {decision.Outcome}."),
    };

    // How much output is held is known only now when the client set no limit.
    private OpenAiError? RefuseBeyondTokens(PlaceHoldResult hold, Principal principal, ChatRequest chat, CallTrail trail, StartedCall started)
    {
        if (started.TryCorrectTokens((long)chat.InputTokens + hold.HeldOutputTokens)) return null;

        admission.Withdraw(trail.RequestId, principal.AccountId, "rate_limited");
        return AdmissionErrors.RateLimited(started.Verdict);
    }

    private static Screening ScreeningOf(Guid requestId, Principal principal, ChatRequest chat) => new()
    {
        RequestId = requestId,
        AccountId = principal.AccountId,
        Stage = ScreeningStage.Prompt,
        Texts = chat.Texts,
    };

    private static PlaceHold HoldOf(Guid requestId, Principal principal, ChatRequest chat, IdempotencyMark? mark) => new()
    {
        RequestId = requestId,
        AccountId = principal.AccountId,
        KeyId = principal.KeyId,
        Model = chat.Model,
        InputTokens = chat.InputTokens,
        MaxOutputTokens = chat.MaxOutputTokens,
        Choices = chat.Choices,
        MultiplierPpm = principal.Plan.MultiplierPpm,
        AccountMicropointsPerDay = principal.Plan.MicropointsPerDay,
        KeyMicropointsPerDay = principal.MicropointsPerDay,
        IdempotencyKeyHash = mark?.KeyHash,
        BodyHash = mark?.BodyHash,
    };
}
