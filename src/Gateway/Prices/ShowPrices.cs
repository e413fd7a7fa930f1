using Aigc2d.Gateway.Forwarding;

namespace Aigc2d.Gateway.Prices;

/// <summary><c>/api/prices</c>: what each model costs, for everybody. Billing answers.</summary>
internal static class ShowPrices
{
    private const string Owner = "billing";

    // Each segment of a model's name begins with a letter or digit, so that no name climbs out of the route once Billing decodes it.
    private const string Model = "{model:maxlength(200):regex(^[A-Za-z0-9][A-Za-z0-9._:@+-]*(%2[Ff][A-Za-z0-9][A-Za-z0-9._:@+-]*)*$)}";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/prices", HandleAsync);
        routes.MapGet($"/api/prices/{Model}", HandleAsync);
    }

    private static Task HandleAsync(HttpContext context, ForwardToOwner forward) => forward.ForwardAsync(context, Owner);
}
