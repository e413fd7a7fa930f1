using Aigc2d.Gateway.Admin;
using Aigc2d.Gateway.Edges;

namespace Aigc2d.Gateway.Listeners;

/// <summary>
/// Keeps the two listeners apart by the port that the connection came in on, which no header can claim. A route without a mark is reachable on
/// neither; on the admin listener nobody learns anything without the key of the path.
/// </summary>
internal sealed class ListenerGate(RequestDelegate next, ListenerAddresses listeners, AdminKeys keys)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (IsHealth(context.Request.Path)) return next(context);
        return IsAdmin(context) ? PassAdminAsync(context) : PassPublicAsync(context);
    }

    /// <summary>Whether the connection came in on the admin port.</summary>
    public bool IsAdmin(HttpContext context) => context.Connection.LocalPort == listeners.AdminPort;

    private Task PassAdminAsync(HttpContext context)
    {
        string? authorization = context.Request.Headers.Authorization.Count == 1 ? context.Request.Headers.Authorization[0] : null;
        var isFinance = context.Request.Path.StartsWithSegments("/finance", StringComparison.OrdinalIgnoreCase);
        var actor = isFinance ? (keys.IsFinance(authorization) ? AdminKeys.FinanceActor : null) : keys.OperatorOf(authorization);
        if (actor is null)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return EdgeProblems.AdminKeyNeeded().ExecuteAsync(context);
        }

        context.Features.Set(new Actor(actor));
        return Passes<AdminRoute>(context, ofAdmin: true) ? next(context) : UnmatchedRoutes.NotFoundAsync(context);
    }

    private Task PassPublicAsync(HttpContext context) => Passes<PublicRoute>(context, ofAdmin: false) ? next(context) : UnmatchedRoutes.NotFoundAsync(context);

    // The router's own answer to a wrong method has no mark: it belongs to the listener that the path belongs to.
    private static bool Passes<TMark>(HttpContext context, bool ofAdmin)
        where TMark : class
    {
        if (context.GetEndpoint() is not { } endpoint) return false;
        return endpoint is RouteEndpoint ? endpoint.Metadata.GetMetadata<TMark>() is not null : IsAdminPath(context.Request.Path) == ofAdmin;
    }

    private static bool IsAdminPath(PathString path) =>
        path.StartsWithSegments("/admin", StringComparison.OrdinalIgnoreCase) || path.StartsWithSegments("/finance", StringComparison.OrdinalIgnoreCase);

    private static bool IsHealth(PathString path) => path.Value is "/health" or "/alive";
}
