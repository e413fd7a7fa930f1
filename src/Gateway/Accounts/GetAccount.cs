using Aigc2d.Gateway.Edges;
using Aigc2d.Gateway.Keys;

namespace Aigc2d.Gateway.Accounts;

/// <summary><c>GET /api/account</c>: the caller's own account. A suspended customer may read why.</summary>
internal static class GetAccount
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/account", HandleAsync);

    private static async Task<IResult> HandleAsync(HttpContext context, Access access, AccountView view)
    {
        var caller = await access.DecideAsync(context, Access.Account, whileSuspended: true);
        return EdgeProblems.Of(caller, Access.Account) ?? await view.ShowAsync(caller.Principal!.AccountId, context.RequestAborted);
    }
}
