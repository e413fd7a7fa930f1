using Aigc2d.Contracts;
using Aigc2d.Gateway.Edges;
using Aigc2d.Gateway.Forwarding;
using Aigc2d.Gateway.Keys;

namespace Aigc2d.Gateway.Accounts;

/// <summary><c>POST /api/redemptions</c>: the caller turns a code into points. Billing does it; the edge says whose points are meant.</summary>
internal static class RedeemCode
{
    private const string Billing = "billing";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/redemptions", HandleAsync);

    private static async Task HandleAsync(HttpContext context, Access access, ForwardToOwner forward)
    {
        var caller = await access.DecideAsync(context, Access.Account);
        if (EdgeProblems.Of(caller, Access.Account) is { } denied)
        {
            await denied.ExecuteAsync(context);
            return;
        }

        await forward.ForwardAsync(context, Billing, new KeyValuePair<string, string>(CallHeaders.AccountId, caller.Principal!.AccountId.ToString()));
    }
}
