using System.Runtime.CompilerServices;
using Npgsql;

namespace Aigc2d.Billing.FinanceFeed;

/// <summary>Reads positioned events as CloudEvents 1.0 in structured mode: the same bytes on the queue and in the replay.</summary>
internal sealed class CloudEvents(NpgsqlDataSource db)
{
    /// <summary>Events after <paramref name="position"/>, in order, at most <paramref name="limit"/>.</summary>
    public async IAsyncEnumerable<CloudEvent> ReadAfterAsync(long position, int limit, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var command = db.CreateCommand(Read);
        command.Parameters.Add(new() { Value = position });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) yield return new(reader.GetInt64(0), reader.GetGuid(1), reader.GetString(2), reader.GetString(3));
    }

    private const string Read = Select + " where p.position > $1 order by p.position limit $2";

    internal const string Select = """
        select p.position, e.id, e.type, jsonb_build_object(
            'specversion', '1.0',
            'id', e.id,
            'source', '/aigc2d/billing',
            'type', e.type,
            'subject', e.account_id,
            'time', to_char(e.occurred_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
            'datacontenttype', 'application/json',
            'data', e.data || jsonb_build_object('position', p.position))::text
        from billing_event_positions p join billing_events e using (seq)
        """;
}

/// <summary>One event as it is sent.</summary>
/// <param name="Json">The whole CloudEvent.</param>
internal sealed record CloudEvent(long Position, Guid Id, string Type, string Json);
