using Aigc2d.Billing.Ledger;
using Aigc2d.Contracts;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.Billing.Prices;

/// <summary>Adds dated price rows under one new version, from JSON or CSV, all of them or none. Rows are never changed or removed: holds have pinned them.</summary>
internal static class PutPrices
{
    public const int MostRows = 1000;

    public static void MapPutPrices(this IEndpointRouteBuilder routes)
    {
        routes.MapPut("/admin/prices", Handle);
        // Later in order, so that a body without a content type meets one route, which refuses it.
        routes.MapPut("/admin/prices", HandleCsv).Accepts<PriceRow[]>(PriceCsv.ContentType).WithOrder(1);
    }

    private static async Task<IResult> Handle(
        PriceRow[] rows, [FromHeader(Name = CallHeaders.Actor)] string actor, NpgsqlDataSource db, PriceList prices, CancellationToken ct)
    {
        if (rows.Length is 0 or > MostRows || Array.Exists(rows, row => row is null)) return Problems.Invalid("body", "must be a list of 1 to 1,000 price rows.");

        var faults = rows.SelectMany((row, index) => PriceFaults.Of(row).Select(fault => ($"[{index}].{fault.Field}", fault.Message)));
        var twice = rows.GroupBy(row => row.Model, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        return Problem(faults)
            ?? (twice is null ? null : Problems.Invalid("model", $"{twice.Key} appears more than once; send one row per model and request."))
            ?? await AddAsync(rows, actor, db, prices, ct);
    }

    private static async Task<IResult> HandleCsv(
        HttpRequest request, [FromHeader(Name = CallHeaders.Actor)] string actor, NpgsqlDataSource db, PriceList prices, CancellationToken ct)
    {
        using var reader = new StreamReader(request.Body);
        var (rows, faults) = PriceCsv.Read(await reader.ReadToEndAsync(ct));
        return Problem(faults) ?? await AddAsync(rows, actor, db, prices, ct);
    }

    private static ProblemHttpResult? Problem(IEnumerable<(string Field, string Message)> faults)
    {
        var byField = faults.ToLookup(fault => fault.Field, fault => fault.Message);
        return byField.Count == 0 ? null : Problems.Invalid(byField.ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal));
    }

    private static async Task<IResult> AddAsync(IReadOnlyList<PriceRow> rows, string actor, NpgsqlDataSource db, PriceList prices, CancellationToken ct)
    {
        var version = await InsertAsync(rows, actor, db, ct);
        await prices.AtAsync(version, ct);
        return TypedResults.Ok(new { priceVersion = version });
    }

    private static async Task<long> InsertAsync(IReadOnlyList<PriceRow> rows, string actor, NpgsqlDataSource db, CancellationToken ct)
    {
        await using var command = db.CreateCommand(Insert);
        command.Parameters.Add(new() { Value = actor });
        command.Parameters.Add(rows.Select(r => r.Model).ToParameter(NpgsqlDbType.Text));
        command.Parameters.Add(rows.Select(r => r.EffectiveFrom?.UtcDateTime).ToParameter(NpgsqlDbType.TimestampTz));
        command.Parameters.Add(rows.Select(r => r.InputMicropointsPer1k).ToParameter(NpgsqlDbType.Bigint));
        command.Parameters.Add(rows.Select(r => r.OutputMicropointsPer1k).ToParameter(NpgsqlDbType.Bigint));
        command.Parameters.Add(rows.Select(r => r.CachedInputMicropointsPer1k).ToParameter(NpgsqlDbType.Bigint));
        command.Parameters.Add(rows.Select(r => r.ContextTokens).ToParameter(NpgsqlDbType.Integer));
        command.Parameters.Add(rows.Select(r => r.MaxOutputTokens).ToParameter(NpgsqlDbType.Integer));
        command.Parameters.Add(rows.Select(r => r.HoldOutputTokens).ToParameter(NpgsqlDbType.Integer));
        command.Parameters.Add(rows.Select(PriceJson.RatesOf).ToParameter(NpgsqlDbType.Jsonb));
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    // One at a time: a version that committed before an older one would be taken for the whole list, and the older one's models for unknown.
    // Operators who come together wait for one another longer than other statements wait for a lock.
    private const string Insert = """
        with patience as (select set_config('lock_timeout', '1500ms', true)),
        turn as (select pg_advisory_xact_lock(7022) from patience),
        version as (insert into price_versions (actor) select $1 from turn returning version),
        inserted as (
            insert into prices (version, model, effective_from, input_micropoints_per_1k, output_micropoints_per_1k, cached_input_micropoints_per_1k,
                context_tokens, max_output_tokens, hold_output_tokens, rates)
            select v.version, r.model, coalesce(r.effective_from, ledger_now()), r.input, r.output, r.cached, r.context, r.max_output, r.hold_output, r.rates
            from version v, unnest($2, $3, $4, $5, $6, $7, $8, $9, $10) as r(model, effective_from, input, output, cached, context, max_output, hold_output, rates)
        )
        select version from version
        """;
}
