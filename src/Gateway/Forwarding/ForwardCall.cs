using Aigc2d.Contracts;
using Aigc2d.Contracts.Providers;
using Aigc2d.Gateway.Admission;
using Aigc2d.Gateway.Calls;
using Aigc2d.Gateway.Dialects;
using Aigc2d.Gateway.Edges;

namespace Aigc2d.Gateway.Forwarding;

/// <summary>Has an admitted call answered by ProviderAdapters and brings the answer, or the reason why there is none, to the client.</summary>
internal sealed class ForwardCall(ProviderCalls calls, CopyAnswer copy, ReleaseHolds releases, GatewayMetrics metrics, TimeProvider time)
{
    public async Task ForwardAsync(HttpContext context, ReceivedCall received)
    {
        var trail = CallTrail.Of(context);
        using var call = calls.Begin(trail.RequestId);
        using var active = metrics.CountActive(received.Call.Stream);

        var askedAt = time.GetTimestamp();
        var answer = await call.AskAsync(received, context.Request, ClientPatience.Of(context.Request, trail.Elapsed), context.RequestAborted);
        trail.Upstream = time.GetElapsedTime(askedAt);
        metrics.RecordUpstream(trail.Upstream.Value, answer is null ? "unreachable" : FailureText(answer) ?? "answered");

        if (ErrorOf(answer, received.Call) is { } error)
        {
            // Where no provider was asked nobody else would end the hold before it expires.
            if (LeavesHold(answer)) releases.Enqueue(trail.RequestId, received.Principal.AccountId, "provider_error");
            await error.ExecuteAsync(context);
            return;
        }

        await BringAsync(context, answer!, call);
    }

    private async Task BringAsync(HttpContext context, HttpResponseMessage answer, ProviderCall call)
    {
        if (answer.Headers.RetryAfter?.Delta is { } wait) RetryHeaders.Write(context.Response.Headers, wait);
        var end = await copy.CopyAsync(context, answer, call);
        metrics.CountEnd(end);
        switch (end)
        {
            case CopyEnd.ClientGone:
                await call.AbortAsync();
                context.Abort();
                break;
            case CopyEnd.BrokenOff when context.Response.HasStarted:
                throw new AnswerBrokenOffException();
            case CopyEnd.BrokenOff:
                context.Response.Clear();
                await ApiErrors.Unavailable().ExecuteAsync(context);
                break;
        }
    }

    private static ApiError? ErrorOf(HttpResponseMessage? answer, CallRequest call)
    {
        if (answer is null) return ApiErrors.Unavailable();
        if (FailureOf(answer) is { } failure) return IsExplained(failure, (int)answer.StatusCode) ? null : ProviderErrors.Of(failure, call.Model, answer.Headers.RetryAfter?.Delta);
        return answer.IsSuccessStatusCode ? null : ApiErrors.Unavailable();
    }

    /// <summary>Whether the body says in the client's dialect what the client itself can mend.</summary>
    private static bool IsExplained(CallFailure failure, int status) =>
        (failure == CallFailure.InvalidRequest && status is >= 400 and < 500) || (failure == CallFailure.OwnKey && status is >= 400 and < 600);

    private static bool LeavesHold(HttpResponseMessage? answer) =>
        answer is null || FailureOf(answer) is null or CallFailure.ModelNotFound or CallFailure.NoChannel or CallFailure.Unavailable;

    private static CallFailure? FailureOf(HttpResponseMessage answer) =>
        Enum.TryParse<CallFailure>(FailureText(answer)?.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var failure) ? failure : null;

    private static string? FailureText(HttpResponseMessage answer) => answer.Headers.TryGetValues(CallHeaders.Failure, out var values) ? values.First() : null;
}
