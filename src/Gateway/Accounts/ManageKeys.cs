using Aigc2d.Contracts;
using Aigc2d.Gateway.Edges;
using Aigc2d.Gateway.Forwarding;
using Aigc2d.Gateway.Keys;

namespace Aigc2d.Gateway.Accounts;

/// <summary><c>/api/keys</c>: list, create and delete the caller's keys. Accounts does it; the edge says whose keys are meant.</summary>
internal static class ManageKeys
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/api/keys", ["GET", "POST"], HandleAsync);
        routes.MapDelete("/api/keys/{id:guid}", HandleAsync);
    }

    private static async Task HandleAsync(HttpContext context, Access access, ForwardToOwner forward)
    {
        var caller = await access.DecideAsync(context, Access.Account, whileSuspended: true);
        if (EdgeProblems.Of(caller, Access.Account) is { } denied)
        {
            await denied.ExecuteAsync(context);
            return;
        }

        var principal = caller.Principal!;
        await forward.ForwardAsync(
            context, AccountView.Owner, new(CallHeaders.AccountId, principal.AccountId.ToString()), new(CallHeaders.KeyId, principal.KeyId.ToString()));
    }
}
