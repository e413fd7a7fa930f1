using Aigc2d.Gateway.Keys;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aigc2d.Gateway.Edges;

/// <summary>RFC 9457 problems that the edge itself answers with on self-service, admin and finance routes.</summary>
internal static class EdgeProblems
{
    public static ProblemHttpResult NoRoute(string method) => Problems.NotFound($"There is no such route for {method}.");

    public static ProblemHttpResult MethodNotAllowed(string method) => Problems.Of(405, "method-not-allowed", "Method not allowed", $"This route does not accept {method}.");

    public static IResult Unavailable() => new UnavailableProblem();

    public static ProblemHttpResult Internal() => Problems.Of(500, "internal", "Internal error", "Something went wrong on our side.");

    public static ProblemHttpResult AdminKeyNeeded() =>
        Problems.Of(401, "unauthenticated", "Unauthenticated", "Send the key of this part of the admin listener as 'Authorization: Bearer …'.");

    /// <summary>The problem, or null when the caller may go on.</summary>
    public static IResult? Of(AccessDecision decision, string scope) => decision.Fault switch
    {
        AccessFault.None => null,
        AccessFault.MissingKey => Unauthenticated("Send your key as 'Authorization: Bearer AIGC2D-…'."),
        AccessFault.ConflictingKeys => Unauthenticated("Two different keys were sent in one request; send one."),
        AccessFault.UnknownKey => Unauthenticated("The key is incomplete, unknown, revoked or expired."),
        AccessFault.AddressNotAllowed => Unauthenticated("This key may not be used from your network address."),
        AccessFault.Outage => Unavailable(),
        AccessFault.ScopeMissing => Problems.Of(403, "scope-missing", "Forbidden", $"This key lacks the scope '{scope}'."),
        AccessFault.Suspended => Problems.Of(403, "account-suspended", "Forbidden", $"Your account is {decision.Principal!.Standing.State}."),
        _ => throw new InvalidOperationException($"Unhandled fault {decision.Fault}."),
    };

    private static ProblemHttpResult Unauthenticated(string detail) => Problems.Of(401, "unauthenticated", "Unauthenticated", detail);

    private sealed class UnavailableProblem : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.RetryAfter = "1";
            return Problems.Of(503, "unavailable", "Briefly unavailable", "A part of the service does not answer. Nothing is lost; try again in a second.").ExecuteAsync(httpContext);
        }
    }
}
