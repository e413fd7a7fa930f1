using Aigc2d.Contracts.Billing;
using Npgsql;

namespace Aigc2d.Billing.Prices;

/// <summary>Shows price rows: those in force for one model or all at a time, and the models that can be paid for.</summary>
internal static class GetPrices
{
    public static void MapGetPrices(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/admin/prices", Handle);
        routes.MapGet("/internal/prices/models", HandleModels);
    }

    private static async Task<IResult> Handle(PriceList prices, NpgsqlDataSource db, CancellationToken ct, string? model = null, DateTimeOffset? at = null)
    {
        var list = await prices.NowAsync(ct);
        var moment = at ?? await NowAsync(db, ct);
        IEnumerable<string> models = model is null ? list.ByModel.Keys.Order(StringComparer.Ordinal) : [model];
        return TypedResults.Ok(new { items = models.Select(name => list.InForce(name, moment)).OfType<Price>().ToArray(), next = (string?)null });
    }

    private static async Task<IResult> HandleModels(PriceList prices, NpgsqlDataSource db, CancellationToken ct)
    {
        var list = await prices.NowAsync(ct);
        var now = await NowAsync(db, ct);
        return TypedResults.Ok(new PricedModelsResponse
        {
            Models = [.. list.ByModel.Keys.Where(model => list.InForce(model, now) is not null).Order(StringComparer.Ordinal)],
        });
    }

    private static async Task<DateTimeOffset> NowAsync(NpgsqlDataSource db, CancellationToken ct)
    {
        await using var command = db.CreateCommand("select ledger_now()");
        return new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(ct))!);
    }
}
