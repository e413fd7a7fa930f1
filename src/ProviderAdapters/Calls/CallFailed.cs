using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Usage;

namespace Aigc2d.ProviderAdapters.Calls;

/// <summary>A call without a complete answer: what is recorded, and what the client is told if nothing has been sent yet.</summary>
internal sealed record CallFailed
{
    private const int ClientClosedRequest = 499;

    public required EndCause Cause { get; init; }

    public TokenCounts Tokens { get; init; }

    public required CallFailure Failure { get; init; }

    public required int Status { get; init; }

    public required OpenAiError Error { get; init; }

    /// <summary>What the provider answered when it refused; kept for calls over a customer's own key.</summary>
    public UpstreamRefusal? Refusal { get; init; }

    /// <summary>Seconds, as the provider asked for them.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>A failure of ours or of the provider, before anything was sent.</summary>
    public static CallFailed Of(CallFailure failure, EndCause cause, ChatCall call) => new()
    {
        Cause = cause,
        Tokens = call.TokensSoFar(cause),
        Failure = failure,
        Status = failure switch
        {
            CallFailure.ModelNotFound => StatusCodes.Status404NotFound,
            CallFailure.InvalidRequest => StatusCodes.Status400BadRequest,
            CallFailure.RateLimited => StatusCodes.Status429TooManyRequests,
            CallFailure.ProviderTimeout => StatusCodes.Status504GatewayTimeout,
            CallFailure.NoChannel or CallFailure.Unavailable => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status502BadGateway,
        },
        Error = OpenAiError.Of(failure, call.Identity.Model),
    };

    /// <summary>A provider's refusal.</summary>
    public static CallFailed Of(ProviderFault fault, ChatCall call) => Of(fault.Failure, EndCause.ProviderError, call) with
    {
        Status = fault.Status,
        Error = fault.Error,
        RetryAfterSeconds = fault.RestFor is { } rest ? (int)Math.Clamp(Math.Ceiling(rest.TotalSeconds), 0, 3600) : null,
    };

    /// <summary>The client's call is at fault.</summary>
    public static CallFailed Malformed(string member, string message, ChatCall call) => Of(CallFailure.InvalidRequest, EndCause.ProviderError, call) with
    {
        Error = new OpenAiError($"'{member}' {message}", "invalid_request_error", member, "invalid_value"),
    };

    /// <summary>A call that had to stop.</summary>
    public static CallFailed Stopped(EndCause cause, ChatCall call)
    {
        var failure = cause is EndCause.ProviderTimeout or EndCause.MaxDuration ? CallFailure.ProviderTimeout : CallFailure.Unavailable;
        var failed = Of(failure, cause, call);
        return cause switch
        {
            EndCause.ClientAbort => failed with { Status = ClientClosedRequest },
            EndCause.MaxDuration => failed with { Error = OpenAiError.OfBrokenStream(cause) },
            _ => failed,
        };
    }
}
