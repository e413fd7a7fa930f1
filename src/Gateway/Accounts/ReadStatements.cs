using Aigc2d.Contracts;
using Aigc2d.Gateway.Edges;
using Aigc2d.Gateway.Forwarding;
using Aigc2d.Gateway.Keys;

namespace Aigc2d.Gateway.Accounts;

/// <summary><c>/api/statements</c> and <c>/api/usage</c>: what the caller's account was charged. Billing answers; the edge says whose account is meant.</summary>
internal static class ReadStatements
{
    private const string Billing = "billing";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/statements", HandleAsync);
        // Plain text only, so that nothing climbs out of the segment; whether it is a month is Billing's to say.
        routes.MapGet("/api/statements/{month:regex(^[A-Za-z0-9-]{{1,64}}$)}", HandleAsync);
        routes.MapGet("/api/usage", HandleAsync);
    }

    private static async Task HandleAsync(HttpContext context, Access access, ForwardToOwner forward)
    {
        var caller = await access.DecideAsync(context, Access.Account, whileSuspended: true);
        if (EdgeProblems.Of(caller, Access.Account) is { } denied)
        {
            await denied.ExecuteAsync(context);
            return;
        }

        await forward.ForwardAsync(context, Billing, new KeyValuePair<string, string>(CallHeaders.AccountId, caller.Principal!.AccountId.ToString()));
    }
}
