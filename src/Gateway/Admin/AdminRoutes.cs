using Aigc2d.Contracts;
using Aigc2d.Gateway.Forwarding;

namespace Aigc2d.Gateway.Admin;

/// <summary>Which service owns which admin and finance route. What is not listed here does not exist.</summary>
internal static class AdminRoutes
{
    private const string Adapters = "adapters";
    private const string Billing = "billing";
    private const string Accounts = "accounts";
    private const string Moderation = "moderation";

    // Plain ids only: what could climb out of its segment once the owner decodes it never gets there.
    private const string Id = "{id:regex(^[A-Za-z0-9-]{{1,64}}$)}";

    public static void Map(IEndpointRouteBuilder routes)
    {
        Forward(routes, Adapters, "/admin/channels", "GET", "POST");
        Forward(routes, Adapters, $"/admin/channels/{Id}", "GET", "PATCH", "DELETE");
        Forward(routes, Adapters, $"/admin/channels/{Id}/test", "POST");
        Forward(routes, Adapters, $"/admin/channels/{Id}/health", "GET");
        Forward(routes, Adapters, $"/admin/channels/{Id}/upstream-models", "GET");
        Forward(routes, Adapters, "/admin/channels/health", "GET");
        Forward(routes, Billing, "/admin/prices", "GET", "PUT");
        Forward(routes, Billing, "/admin/adjustments", "GET");
        Forward(routes, Billing, $"/admin/adjustments/{Id}/approve", "POST");
        Forward(routes, Billing, $"/admin/adjustments/{Id}/refuse", "POST");
        Forward(routes, Billing, "/admin/redemption-codes", "GET", "POST");
        Forward(routes, Billing, $"/admin/redemption-codes/{Id}/approve", "POST");
        Forward(routes, Billing, $"/admin/redemption-codes/{Id}/revoke", "POST");
        Forward(routes, Billing, "/admin/forfeitures", "GET");
        Forward(routes, Billing, $"/admin/forfeitures/{Id}", "GET");
        Forward(routes, Billing, $"/admin/forfeitures/{Id}/post", "POST");
        Forward(routes, Billing, $"/admin/forfeitures/{Id}/reverse", "POST");
        Forward(routes, Billing, $"/admin/forfeitures/{Id}/reverse/approve", "POST");
        Forward(routes, Billing, $"/admin/forfeitures/{Id}/reverse/refuse", "POST");
        routes.MapPost("/admin/accounts/{id:guid}/points", static (Guid id, HttpContext context, MovePoints move) => move.HandleAsync(id, context));
        routes.MapPost("/admin/accounts/{id:guid}/forfeiture", static (Guid id, HttpContext context, MovePoints move) => move.HandleAsync(id, context));
        Forward(routes, Accounts, "/admin/accounts", "GET");
        Forward(routes, Accounts, "/admin/plans", "GET");
        Forward(routes, Accounts, $"/admin/plans/{Id}", "PATCH");
        Forward(routes, Accounts, $"/admin/plans/{Id}/preview", "POST");
        Forward(routes, Accounts, $"/admin/plans/{Id}/changes", "GET");
        Forward(routes, Moderation, "/admin/policies", "GET", "PUT");
        Forward(routes, Moderation, "/admin/policies/preview", "POST");
        Forward(routes, Moderation, "/admin/policies/embeddings", "GET", "PUT");
        Forward(routes, Moderation, "/admin/policies/strictness", "GET");
        Forward(routes, Billing, "/finance/events", "GET");
        Forward(routes, Billing, "/finance/feed/rewind", "POST");
        Forward(routes, Billing, "/finance/statements", "GET");
        Forward(routes, Billing, "/finance/export", "GET");
        Forward(routes, Billing, "/finance/reconciliation", "GET");
        Forward(routes, Billing, "/finance/provider-usage", "PUT");
        Forward(routes, Billing, $"/finance/charges/{Id}", "GET");
        routes.MapPost("/admin/accounts", static (HttpContext context, CreateAccountRequest body, CreateAccount create) => create.HandleAsync(context, body));
        routes.MapGet("/admin/accounts/{id:guid}", static (Guid id, HttpContext context, Gateway.Accounts.AccountView view) => view.ShowAsync(id, context.RequestAborted));
    }

    private static void Forward(IEndpointRouteBuilder routes, string owner, string pattern, params string[] methods) => routes.MapMethods(
        pattern,
        methods,
        (HttpContext context, ForwardToOwner forward) => forward.ForwardAsync(context, owner, new KeyValuePair<string, string>(CallHeaders.Actor, Actor.Of(context))));
}
