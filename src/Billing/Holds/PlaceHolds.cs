using Aigc2d.Contracts.Billing;
using Aigc2d.ServiceDefaults.Batching;
using Aigc2d.ServiceDefaults.Http;

namespace Aigc2d.Billing.Holds;

/// <summary>Freezes what calls may cost. Items of one request join the ledger's batch with everybody else's.</summary>
internal static class PlaceHolds
{
    public static void MapPlaceHolds(this IEndpointRouteBuilder routes) => routes.MapPost("/internal/holds", Handle);

    private static async Task<IResult> Handle(PlaceHoldsRequest body, HoldPlacement placement, CancellationToken ct)
    {
        if (body.Holds.Length is 0 or > 1000) return Problems.Invalid("holds", "must have 1 to 1,000 items.");

        try
        {
            return TypedResults.Ok(new PlaceHoldsResponse { Results = await Task.WhenAll(body.Holds.Select(hold => placement.SubmitAsync(hold, ct))) });
        }
        catch (BatcherOverloadedException exception)
        {
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, "overloaded", "Too many holds wait", exception.Message);
        }
    }
}
