using System.Text.Json;
using Aigc2d.Billing.Ledger;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.Billing.FinanceFeed;

/// <summary>One announcement to finance: the data of a CloudEvent without its global position, which the publisher adds.</summary>
/// <param name="Type">For example <c>billing.usage.charged.v1</c>.</param>
/// <param name="Data">The members of <c>data</c>, as JSON.</param>
internal sealed record FeedEvent(string Type, Guid AccountId, long AccountSequence, DateTimeOffset OccurredAt, string Data)
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public Guid Id { get; init; } = Guid.CreateVersion7();

    public static FeedEvent Of<T>(string type, LedgerAccount account, long sequence, DateTimeOffset occurredAt, T data) =>
        new(type, account.Id, sequence, occurredAt, JsonSerializer.Serialize(data, Json));
}

internal static class FeedEvents
{
    /// <summary>Adds the events, and their places in the publisher's queue, to a transaction.</summary>
    public static void Add(NpgsqlBatch batch, IReadOnlyCollection<FeedEvent> events)
    {
        if (events.Count == 0) return;

        batch.BatchCommands.Add(new(Insert)
        {
            Parameters =
            {
                events.Select(e => e.Id).ToParameter(NpgsqlDbType.Uuid),
                events.Select(e => e.Type).ToParameter(NpgsqlDbType.Text),
                events.Select(e => e.AccountId).ToParameter(NpgsqlDbType.Uuid),
                events.Select(e => e.AccountSequence).ToParameter(NpgsqlDbType.Bigint),
                events.Select(e => e.OccurredAt.UtcDateTime).ToParameter(NpgsqlDbType.TimestampTz),
                events.Select(e => e.Data).ToParameter(NpgsqlDbType.Jsonb),
            },
        });
    }

    private const string Insert = """
        with inserted as (
            insert into billing_events (id, type, account_id, account_sequence, occurred_at, data)
            select id, type, account_id, account_sequence, occurred_at, data
            from unnest($1, $2, $3, $4, $5, $6) with ordinality as e(id, type, account_id, account_sequence, occurred_at, data, n)
            order by n
            returning seq
        )
        insert into billing_event_queue (seq) select seq from inserted
        """;
}
