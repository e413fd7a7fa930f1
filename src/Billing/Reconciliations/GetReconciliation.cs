using System.Globalization;
using Aigc2d.Billing.Exports;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Aigc2d.Billing.Reconciliations;

/// <summary>Per channel and UTC day of the requests: the ledger against our usage, that against what ProviderAdapters recorded and what the provider counted.</summary>
internal static class GetReconciliation
{
    private const int MaxDays = 366;

    public static void MapGetReconciliation(this IEndpointRouteBuilder routes) => routes.MapGet("/finance/reconciliation", Handle);

    private static async Task<IResult> Handle(LongReads reads, CancellationToken ct, string? from = null, string? to = null)
    {
        if (!TryParse(from, out var first)) return Malformed("from");
        if (!TryParse(to, out var end)) return Malformed("to");
        if (end <= first || end.DayNumber - first.DayNumber > MaxDays) return Problems.Invalid("to", $"must be 1 to {MaxDays} days after from; it is not included itself.");

        await using var connection = await reads.OpenAsync(ct);
        await using var command = new NpgsqlCommand(Read, connection);
        command.Parameters.Add(new() { Value = first });
        command.Parameters.Add(new() { Value = end });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var items = new List<ChannelDay>();
        while (await reader.ReadAsync(ct)) items.Add(ChannelDay.Of(reader));
        return TypedResults.Ok(new { items, next = (string?)null });
    }

    private static bool TryParse(string? text, out DateOnly day) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day) && day.Year is >= 1970 and < 9999;

    private static ProblemHttpResult Malformed(string field) => Problems.Invalid(field, "must be a day in UTC as 2026-11-30.");

    // The ledger's side is summed from its entries and not from totals: that is what is being checked. What went over customers' own keys is on their bills, not
    // on ours.
    private const string Read = """
        with ledger as (
            select s.channel_id, day_of(s.request_id) as day, count(*) as charges, -sum(e.amount_micropoints) as micropoints
            from settlements s
            join ledger_transactions t on t.rule = 'charge' and t.business_id = s.request_id::text
            join ledger_entries e on e.transaction_id = t.id and e.account_id = t.account_id
            where s.channel_id is not null and s.own_key_fee_ppm is null and s.request_id >= first_id_of($1::timestamp at time zone 'utc') and s.request_id < first_id_of($2::timestamp at time zone 'utc')
            group by 1, 2
        ),
        usage as (select * from channel_days where day >= $1 and day < $2),
        adapters as (select * from usage_totals where day >= $1 and day < $2),
        provider as (select distinct on (channel_id, day) * from provider_usage where day >= $1 and day < $2 order by channel_id, day, id desc)
        select channel_id, day, coalesce(ledger.charges, 0), coalesce(ledger.micropoints, 0)::bigint,
            coalesce(usage.requests, 0), coalesce(usage.charges, 0), coalesce(usage.input_tokens, 0), coalesce(usage.output_tokens, 0), coalesce(usage.cached_input_tokens, 0),
            coalesce(usage.priced_micropoints, 0), coalesce(usage.charged_micropoints, 0),
            adapters.requests, adapters.input_tokens, adapters.output_tokens, adapters.cached_input_tokens, adapters.revision,
            provider.input_tokens, provider.output_tokens, provider.source, provider.imported_at
        from usage
        full join ledger using (channel_id, day)
        full join adapters using (channel_id, day)
        full join provider using (channel_id, day)
        order by day, channel_id
        """;
}
