using System.Globalization;
using Aigc2d.Contracts.Billing;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Gateway.Limits;

namespace Aigc2d.Gateway.Dialects;

/// <summary>The errors of calls that limits, Moderation or Billing refuse.</summary>
internal static class AdmissionErrors
{
    // Clients that obey the header to the second would otherwise sleep through the day.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan WhileRunning = TimeSpan.FromSeconds(1);

    public static ApiError ContentPolicy(Verdict verdict, string appealUrl)
    {
        var category = verdict.Category ?? "illegal";
        return new(400, ApiErrors.InvalidRequest, "content_policy_violation",
            $"Your request was refused by the content rules (category: {category}). It was not sent to any provider and is not charged. If you think this is wrong, appeal: {appealUrl}")
        {
            Details = new Dictionary<string, object?>(StringComparer.Ordinal) { ["category"] = category, ["appeal"] = appealUrl },
        };
    }

    /// <summary>An image must be looked at before a provider sees it, and cannot be.</summary>
    public static ApiError ImageUnreadable(CallRequest call) => new(
        400, ApiErrors.InvalidRequest, BodyRefusal.InvalidValue,
        $"Invalid '{call.PromptField}': has an image that cannot be looked at here, and each must be. Send a PNG, JPEG, GIF or WebP file of up to 20 MB in the request itself, or a public https address of one.",
        call.PromptField);

    /// <summary>What the plan refuses; null when it has room.</summary>
    public static ApiError? RateLimited(LimitVerdict verdict, CallRequest call) => verdict switch
    {
        { Refused: LimitKind.None } => null,
        { RetryAfter: null } => TooLarge(verdict, call),
        { Refused: LimitKind.Requests } => RateLimit("requests", $"You have used the {verdict.Requests.Limit} requests per minute of your plan.", verdict),
        { Refused: LimitKind.Tokens } => RateLimit("tokens", $"You have used the {verdict.Tokens.Limit} tokens per minute of your plan.", verdict),
        _ => RateLimit("requests", "Too many calls of your account are running at once.", verdict),
    };

    /// <summary>What Billing refuses, by its reason; null when the points are held.</summary>
    public static ApiError? HoldRefused(PlaceHoldResult hold, CallRequest call, DateTimeOffset now) => hold.Outcome switch
    {
        HoldOutcome.Placed => null,
        HoldOutcome.InsufficientPoints => InsufficientPoints(hold, call),
        HoldOutcome.DayCapReached => DayCapReached(now),
        HoldOutcome.UnknownModel => ApiErrors.ModelNotFound(call.Model),
        HoldOutcome.ContextLengthExceeded => ContextLengthExceeded(hold, call),
        HoldOutcome.AccountBlocked => new(403, ApiErrors.InvalidRequest, "account_suspended", "The points of your account are sealed, or its balance is below zero."),
        HoldOutcome.IdempotencyReplayed => Replayed(hold),
        HoldOutcome.IdempotencyConflict => IdempotencyConflict(hold),
        HoldOutcome.NotPriced => new(400, ApiErrors.InvalidRequest, BodyRefusal.InvalidValue, $"The model '{call.Model}' cannot be called here: its price has no rate for what this request asks. GET /api/prices shows what it is paid by.", "model"),
        HoldOutcome.Invalid => new(400, ApiErrors.InvalidRequest, BodyRefusal.InvalidValue, $"The size of this request is out of range; shorten {call.WhatToShorten}.", call.LimitField ?? call.PromptField),
        // A request id is made for one request: a conflict means that our own repetition or release came first.
        HoldOutcome.RequestIdConflict => ApiErrors.Unavailable(),
        _ => throw new InvalidOperationException($"Unhandled outcome {hold.Outcome}."),
    };

    private static ApiError TooLarge(LimitVerdict verdict, CallRequest call)
    {
        var (kind, limit) = verdict.Refused == LimitKind.Tokens ? ("tokens", verdict.Tokens.Limit) : ("requests", verdict.Requests.Limit);
        return new(429, kind, "rate_limit_exceeded", $"This request alone needs more than the {limit} {kind} per minute of your plan. Shorten {call.WhatToShorten}.")
        {
            RetryAfter = LongestWait,
            ShouldRetry = false,
        };
    }

    private static ApiError RateLimit(string type, string reason, LimitVerdict verdict) =>
        new(429, type, "rate_limit_exceeded", $"{reason} Try again later.") { RetryAfter = verdict.RetryAfter };

    private static ApiError InsufficientPoints(PlaceHoldResult hold, CallRequest call) =>
        new(402, "insufficient_quota", "insufficient_quota",
            $"This call may cost up to {Points(hold.Micropoints)} points, and {Points(hold.AvailableMicropoints)} are available. Recharge, or shorten {call.WhatToShorten}.")
        {
            ShouldRetry = false,
        };

    private static ApiError DayCapReached(DateTimeOffset now)
    {
        var midnight = new DateTimeOffset(now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero) - now;
        return new(429, "points", "rate_limit_exceeded", "The points that this account or key may spend per day (UTC) are used up. Raise the cap, or try again tomorrow.")
        {
            RetryAfter = midnight < LongestWait ? midnight : LongestWait,
            ShouldRetry = false,
        };
    }

    private static ApiError ContextLengthExceeded(PlaceHoldResult hold, CallRequest call)
    {
        var requested = call.InputTokens + (long)(call.MaxOutputTokens ?? 0);
        var output = call.MaxOutputTokens is { } most and > 0 ? $", {most} of them for the answer" : "";
        return new(400, ApiErrors.InvalidRequest, "context_length_exceeded",
            $"This model's context length is {hold.ContextTokens} tokens, and your request needs about {requested}{output}. Shorten {call.WhatToShorten}.", call.PromptField);
    }

    // A first request that is about to end free, for example because its admission failed, gives the key back: clients may ask again.
    private static ApiError Replayed(PlaceHoldResult hold) => hold.FirstChargeMicropoints is { } charge
        ? Conflict("idempotency_replayed", $"{CameFirst(hold)} was charged {Points(charge)} points. Answers are not stored; use a new key for a new request.", hold)
        : Conflict("idempotency_replayed", $"{CameFirst(hold)} is still running. Answers are not stored; ask again when it has ended, or use a new key for a new request.", hold) with
        {
            ShouldRetry = null,
            RetryAfter = WhileRunning,
        };

    private static string CameFirst(PlaceHoldResult hold) => $"Request {hold.FirstRequestId} came first with this Idempotency-Key and";

    private static ApiError IdempotencyConflict(PlaceHoldResult hold) =>
        Conflict("idempotency_conflict", $"This Idempotency-Key was used by request {hold.FirstRequestId} with another body. Use a new key for a new request.", hold);

    private static ApiError Conflict(string code, string message, PlaceHoldResult hold) => new(409, ApiErrors.InvalidRequest, code, message)
    {
        ShouldRetry = false,
        Details = new Dictionary<string, object?>(StringComparer.Ordinal) { ["request_id"] = hold.FirstRequestId, ["charge_micropoints"] = hold.FirstChargeMicropoints },
    };

    private static string Points(long micropoints) => (micropoints / 1_000_000m).ToString("0.######", CultureInfo.InvariantCulture);
}
