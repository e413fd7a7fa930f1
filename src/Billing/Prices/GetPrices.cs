using Aigc2d.Contracts.Billing;
using Npgsql;

namespace Aigc2d.Billing.Prices;

/// <summary>Shows price rows: those in force for one model or all at a time, or all there ever were, as JSON or CSV; and the models that can be paid for.</summary>
internal static class GetPrices
{
    public static void MapGetPrices(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/admin/prices", Handle);
        routes.MapGet("/internal/prices/models", HandleModels);
    }

    private static async Task<IResult> Handle(
        HttpRequest request, PriceList prices, NpgsqlDataSource db, CancellationToken ct, string? model = null, DateTimeOffset? at = null, bool history = false, string? format = null)
    {
        if (format is not (null or "json" or "csv")) return ServiceDefaults.Http.Problems.Invalid("format", "must be csv or json.");
        if (history && at is not null) return ServiceDefaults.Http.Problems.Invalid("at", "cannot be combined with history=true, which shows all rows.");

        var list = await prices.NowAsync(ct);
        var moment = at ?? await PriceClock.NowAsync(db, ct);
        IEnumerable<string> models = model is null ? list.ByModel.Keys.Order(StringComparer.Ordinal) : [model];
        var rows = history
            ? models.SelectMany(name => list.ByModel.GetValueOrDefault(name) ?? [])
            : models.Select(name => list.InForce(name, moment)).OfType<Price>();

        var isCsv = format == "csv" || (format is null && request.GetTypedHeaders().Accept is [{ MediaType.Value: PriceCsv.ContentType }, ..]);
        if (!isCsv) return TypedResults.Ok(new { items = rows.ToArray(), next = (string?)null });

        request.HttpContext.Response.Headers.ContentDisposition = "attachment; filename=\"prices.csv\"";
        return TypedResults.Text(PriceCsv.Write(rows), $"{PriceCsv.ContentType}; charset=utf-8");
    }

    private static async Task<IResult> HandleModels(PriceList prices, NpgsqlDataSource db, CancellationToken ct)
    {
        var list = await prices.NowAsync(ct);
        var now = await PriceClock.NowAsync(db, ct);
        return TypedResults.Ok(new PricedModelsResponse
        {
            Models = [.. list.ByModel.Keys.Where(model => list.InForce(model, now) is not null).Order(StringComparer.Ordinal)],
        });
    }
}
