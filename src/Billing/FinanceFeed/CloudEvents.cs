using System.Globalization;
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
        command.Parameters.Add(new() { Value = limit });
        command.Parameters.Add(new() { Value = position });
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) yield return Of(reader);
    }

    /// <summary>Reads a row of <see cref="Select"/>. The envelope is put round the data as text: names, ids and times in it need no escaping.</summary>
    internal static CloudEvent Of(NpgsqlDataReader row)
    {
        var (position, id, type) = (row.GetInt64(0), row.GetGuid(1), row.GetString(2));
        var json = string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"specversion\":\"1.0\",\"id\":\"{id}\",\"source\":\"/aigc2d/billing\",\"type\":\"{type}\",\"subject\":\"{row.GetGuid(3)}\","
            + $"\"time\":\"{row.GetDateTime(4):yyyy-MM-ddTHH:mm:ss.ffffffZ}\",\"datacontenttype\":\"application/json\",\"data\":{{\"position\":{position},{row.GetString(5).AsSpan(1)}}}");
        return new(position, id, type, json);
    }

    /// <summary>What comes after the relay's cursor, at most $1.</summary>
    internal const string Unpublished = After + "(select published_position from billing_feed_cursor)" + InOrder;

    private const string Read = After + "$2" + InOrder;

    private const string After = Columns + " from (select position, seq from billing_event_positions where position > ";

    // One look-up by key per position: a join would be planned, before the first analyze, as a sort of all events there are.
    private const string InOrder = """
         order by position limit $1) p
        cross join lateral (select * from billing_events where seq = p.seq offset 0) e
        order by p.position
        """;

    internal const string Select = Columns + " from billing_event_positions p join billing_events e using (seq)";

    private const string Columns = "select p.position, e.id, e.type, e.account_id, e.occurred_at, e.data::text";
}

/// <summary>One event as it is sent.</summary>
/// <param name="Json">The whole CloudEvent.</param>
internal sealed record CloudEvent(long Position, Guid Id, string Type, string Json);
