using Aigc2d.Contracts;
using Aigc2d.Gateway.Edges;
using Aigc2d.Gateway.Forwarding;
using Aigc2d.Gateway.Keys;

namespace Aigc2d.Gateway.Charges;

/// <summary><c>GET /api/charges/{requestId}</c>: how one of the caller's requests was charged, line by line. Billing answers; the edge says whose it has to be.</summary>
internal static class ShowCharge
{
    private const string Owner = "billing";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/charges/{requestId:guid}", HandleAsync);

    private static async Task HandleAsync(HttpContext context, Access access, ForwardToOwner forward)
    {
        var caller = await access.DecideAsync(context, Access.Account, whileSuspended: true);
        if (EdgeProblems.Of(caller, Access.Account) is { } denied)
        {
            await denied.ExecuteAsync(context);
            return;
        }

        await forward.ForwardAsync(context, Owner, new KeyValuePair<string, string>(CallHeaders.AccountId, caller.Principal!.AccountId.ToString()));
    }
}
