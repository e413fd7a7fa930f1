using Aigc2d.ServiceDefaults.Http;
using Npgsql;

namespace Aigc2d.Billing.Prices;

/// <summary>The public price list: what each model costs now, in points and CNY. Nobody needs a key to read it.</summary>
internal static class ExplainPrices
{
    private const int MostItems = 200;

    public static void MapExplainPrices(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/prices", Handle);
        routes.MapGet("/api/prices/{model}", HandleOne);
    }

    private static async Task<IResult> Handle(HttpResponse response, PriceList prices, NpgsqlDataSource db, CancellationToken ct, string? model = null, int limit = 50, string? after = null)
    {
        if (limit is < 1 or > MostItems) return Problems.Invalid("limit", $"must be 1 to {MostItems}.");

        var (list, now) = await ReadAsync(prices, db, ct);
        var rows = list.ByModel.Keys
            .Where(name => (model is null || name == model) && (after is null || string.CompareOrdinal(name, after) > 0))
            .Order(StringComparer.Ordinal)
            .Select(name => list.InForce(name, now))
            .OfType<Price>()
            .Take(limit + 1)
            .ToArray();
        var page = rows.Take(limit).Select(ExplainedPrice.Of).ToArray();
        Cache(response);
        return TypedResults.Ok(new { items = page, next = rows.Length > limit ? page[^1].Model : null });
    }

    private static async Task<IResult> HandleOne(string model, HttpResponse response, PriceList prices, NpgsqlDataSource db, CancellationToken ct)
    {
        // Routing leaves an encoded slash encoded, so that it does not end the segment.
        var name = model.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        var (list, now) = await ReadAsync(prices, db, ct);
        if (list.InForce(name, now) is not { } price) return Problems.NotFound($"The model '{name}' has no price. GET /api/prices lists those that have one.");

        Cache(response);
        return TypedResults.Ok(ExplainedPrice.Of(price));
    }

    private static async Task<(PriceList.Snapshot List, DateTimeOffset Now)> ReadAsync(PriceList prices, NpgsqlDataSource db, CancellationToken ct)
    {
        var (now, version) = await PriceClock.ReadAsync(db, ct);
        return (await prices.AtAsync(version, ct), now);
    }

    private static void Cache(HttpResponse response) => response.Headers.CacheControl = "public, max-age=60";
}
