using System.Text.Json;
using Aigc2d.Billing.FinanceFeed;
using Aigc2d.Billing.Settlements;
using Aigc2d.Contracts;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.Billing.Charges;

/// <summary>How one request was charged, line by line, recomputed from the event that announced it.</summary>
internal static class GetCharge
{
    public static void MapGetCharge(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/charges/{requestId:guid}", HandleOwn);
        routes.MapGet("/finance/charges/{requestId:guid}", Handle);
    }

    private static Task<IResult> HandleOwn(Guid requestId, [FromHeader(Name = CallHeaders.AccountId)] Guid accountId, NpgsqlDataSource db, CancellationToken ct) =>
        AnswerAsync(requestId, accountId, db, ct);

    private static Task<IResult> Handle(Guid requestId, NpgsqlDataSource db, CancellationToken ct) => AnswerAsync(requestId, null, db, ct);

    private static async Task<IResult> AnswerAsync(Guid requestId, Guid? accountId, NpgsqlDataSource db, CancellationToken ct)
    {
        await using var command = db.CreateCommand(Read);
        command.Parameters.Add(new() { Value = requestId });
        command.Parameters.Add(new() { Value = (object?)accountId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        await using var reader = await command.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct)) return Problems.NotFound($"There is no ended request {requestId}. A request that is still running has no charge yet.");

        var settled = new SettledRequest(
            requestId,
            reader.GetGuid(0),
            reader.GetString(1),
            reader.GetString(2),
            reader.GetBoolean(3),
            reader.GetString(4),
            reader.GetInt64(5),
            reader.GetFieldValue<DateTimeOffset>(6));
        var charged = reader.IsDBNull(7) ? null : JsonSerializer.Deserialize<ChargedEvent>(reader.GetString(7), FeedEvent.Json);
        return TypedResults.Ok(charged is null ? ChargeExplanation.Free(settled) : ChargeExplanation.Of(settled, charged));
    }

    // The event bears the id of its movement. Those of earlier releases do not and are looked for among the account's.
    private const string Read = """
        select s.account_id, s.model, s.end_cause, s.estimated, s.rule, s.price_micropoints, s.settled_at, case when t.id is not null then coalesce(
            (select data from billing_events where id = t.id),
            (select data from billing_events where account_id = s.account_id and type = 'billing.usage.charged.v1' and data ->> 'requestId' = s.request_id::text)) end
        from settlements s left join ledger_transactions t on t.rule = 'charge' and t.business_id = s.request_id::text
        where s.request_id = $1 and ($2 is null or s.account_id = $2)
        """;
}

/// <summary>How a request ended, as the settlement has it.</summary>
internal sealed record SettledRequest(Guid RequestId, Guid AccountId, string Model, string EndCause, bool Estimated, string Rule, long PriceMicropoints, DateTimeOffset SettledAt);
