using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ProviderAdapters.Clients;
using Aigc2d.ProviderAdapters.Routing;

namespace Aigc2d.ProviderAdapters.Calls;

/// <summary>A call without a complete answer: what is recorded, and what the client is told if nothing has been sent yet.</summary>
internal sealed record CallFailed
{
    private const int ClientClosedRequest = 499;

    public required EndCause Cause { get; init; }

    public required CallFailure Failure { get; init; }

    public required int Status { get; init; }

    public required ClientError Error { get; init; }

    /// <summary>Seconds, as the provider asked for them.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>How the attempt ended, seen from its channel.</summary>
    public AttemptEnd End { get; init; }

    /// <summary>How long the provider wants to be left alone.</summary>
    public TimeSpan? RestFor { get; init; }

    /// <summary>What the provider's content rules have found, if that is the reason.</summary>
    public string? Refusal { get; init; }

    /// <summary>What went wrong, in our own words: for the log.</summary>
    public string? Detail { get; init; }

    /// <summary>
    /// What the provider says about it: for operators and for the owner of the key. Never logged, because a provider may repeat what it was asked.
    /// </summary>
    public string? Words { get; init; }

    /// <summary>What operators see of it; of a call that was itself at fault not the provider's words, which may be the client's.</summary>
    public string? ForOperators => End == AttemptEnd.Refused ? Detail : Words ?? Detail;

    /// <summary>The channel that was asked; null when none was.</summary>
    public Channel? Via { get; init; }

    /// <summary>A failure of ours or of the provider, before anything was sent.</summary>
    public static CallFailed Of(CallFailure failure, EndCause cause, ModelCall call) => new()
    {
        Cause = cause,
        Failure = failure,
        Via = call.Route?.Channel,
        Status = failure switch
        {
            CallFailure.ModelNotFound => StatusCodes.Status404NotFound,
            CallFailure.InvalidRequest => StatusCodes.Status400BadRequest,
            CallFailure.RateLimited => StatusCodes.Status429TooManyRequests,
            CallFailure.ProviderTimeout => StatusCodes.Status504GatewayTimeout,
            CallFailure.NoChannel or CallFailure.Unavailable => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status502BadGateway,
        },
        Error = ClientError.Of(failure, call.Identity.Model),
    };

    /// <summary>A provider's refusal.</summary>
    public static CallFailed Of(ProviderFault fault, ModelCall call) => Of(fault.Failure, EndCause.ProviderError, call) with
    {
        Status = fault.Status,
        Error = fault.Error,
        RestFor = fault.RestFor,
        Refusal = fault.Refusal,
        RetryAfterSeconds = fault.RestFor is { } rest ? SecondsOf(rest) : null,
        End = EndOf(fault.Scope),
    };

    /// <summary>How an attempt ended that met such a fault.</summary>
    public static AttemptEnd EndOf(FaultScope scope) => scope switch
    {
        FaultScope.Call => AttemptEnd.Refused,
        FaultScope.Attempt => AttemptEnd.Failed,
        FaultScope.Limit => AttemptEnd.Limited,
        FaultScope.Model => AttemptEnd.ModelFault,
        FaultScope.Account => AttemptEnd.AccountFault,
        _ => throw new InvalidOperationException($"Unhandled scope {scope}."),
    };

    /// <summary>Something of ours was in the way: free, and worth another try.</summary>
    public static CallFailed OurFault(ModelCall call) => Of(CallFailure.Unavailable, EndCause.PlatformCrash, call);

    /// <summary>A provider's answer that broke off or cannot be read.</summary>
    public static CallFailed Broken(ModelCall call, string detail) => Of(CallFailure.ProviderError, EndCause.ProviderCut, call) with { End = AttemptEnd.BrokenOff, Detail = detail };

    /// <summary>No channel can be asked at the moment.</summary>
    public static CallFailed NoneUsable(ModelCall call, bool isLimited, TimeSpan? wait) =>
        Of(isLimited ? CallFailure.RateLimited : CallFailure.NoChannel, EndCause.ProviderError, call) with { RetryAfterSeconds = wait is { } time ? SecondsOf(time) : null };

    /// <summary>The client's call is at fault.</summary>
    public static CallFailed Malformed(string member, string message, ModelCall call, string code = "invalid_value") => Of(CallFailure.InvalidRequest, EndCause.ProviderError, call) with
    {
        Error = new ClientError($"'{member}' {message}", "invalid_request_error", member, code),
    };

    /// <summary>The client wants a region in which nobody serves the model.</summary>
    public static CallFailed UnknownRegion(string region, ModelCall call) => Of(CallFailure.InvalidRequest, EndCause.ProviderError, call) with
    {
        Error = new ClientError($"No channel in the region '{region}' serves the model '{call.Identity.Model}'. Leave out the header x-aigc2d-region, or name another region.", "invalid_request_error", null, "invalid_value"),
    };

    /// <summary>A call that had to stop.</summary>
    public static CallFailed Stopped(EndCause cause, ModelCall call)
    {
        var failure = cause is EndCause.ProviderTimeout or EndCause.MaxDuration ? CallFailure.ProviderTimeout : CallFailure.Unavailable;
        var failed = Of(failure, cause, call);
        return cause switch
        {
            EndCause.ClientAbort => failed with { Status = ClientClosedRequest },
            EndCause.MaxDuration => failed with { Error = ClientError.OfBrokenStream(cause) },
            _ => failed,
        };
    }

    private static int SecondsOf(TimeSpan wait) => (int)Math.Clamp(Math.Ceiling(wait.TotalSeconds), 1, 3600);
}
