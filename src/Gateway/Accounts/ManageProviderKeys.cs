using Aigc2d.Contracts;
using Aigc2d.Gateway.Edges;
using Aigc2d.Gateway.Forwarding;
using Aigc2d.Gateway.Keys;

namespace Aigc2d.Gateway.Accounts;

/// <summary><c>/api/provider-keys</c>: the caller's own keys at providers. ProviderAdapters keeps them sealed; the edge says whose keys are meant.</summary>
internal static class ManageProviderKeys
{
    private const string Owner = "adapters";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/api/provider-keys", ["GET", "POST"], HandleAsync);
        routes.MapMethods("/api/provider-keys/{id:guid}", ["PATCH", "DELETE"], HandleAsync);
        routes.MapPost("/api/provider-keys/{id:guid}/test", HandleAsync);
    }

    private static async Task HandleAsync(HttpContext context, Access access, ForwardToOwner forward)
    {
        // Whoever is suspended may still see and take back what it has stored, and make us ask no provider.
        var isHarmless = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsDelete(context.Request.Method);
        var caller = await access.DecideAsync(context, Access.Account, whileSuspended: isHarmless);
        if (EdgeProblems.Of(caller, Access.Account) is { } denied)
        {
            await denied.ExecuteAsync(context);
            return;
        }

        await forward.ForwardAsync(context, Owner, new KeyValuePair<string, string>(CallHeaders.AccountId, caller.Principal!.AccountId.ToString()));
    }
}
