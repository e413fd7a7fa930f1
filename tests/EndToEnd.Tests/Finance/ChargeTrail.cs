using System.Text;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Aigc2d.EndToEnd.Tests.Finance;

/// <summary>Where charges that are missing at finance have got to: for the message of a failed test.</summary>
internal static class ChargeTrail
{
    private const int LogLines = 60;
    private static readonly string[] Queues = ["billing.usage-recorded", "billing.usage-recorded_error", "billing.usage-recorded.dead-letter", "finance.billing-events"];

    public static async Task<string> OfAsync(Suite suite, IReadOnlyCollection<string> requestIds)
    {
        var ids = requestIds.Select(Guid.Parse).ToArray();
        var text = new StringBuilder($"{ids.Length} answered calls are not charged, the first is {ids[0]}\n");
        foreach (var (what, database, sql) in Stations)
        {
            await using var db = NpgsqlDataSource.Create(suite.DatabaseOf(database));
            await using var command = db.CreateCommand(sql);
            command.Parameters.Add(new() { Value = ids });
            text.Append(what).Append(": ").Append(await command.ExecuteScalarAsync()).Append('\n');
        }

        foreach (var queue in Queues) text.Append(queue).Append(": ").Append(await DepthOfAsync(suite, queue)).Append('\n');
        foreach (var line in suite.ToString().Split('\n').Where(IsTelling).TakeLast(LogLines)) text.Append(line).Append('\n');
        return text.ToString();
    }

    private static bool IsTelling(string line) => line.Contains("warn", StringComparison.OrdinalIgnoreCase) || line.Contains("fail", StringComparison.OrdinalIgnoreCase) || line.Contains("error", StringComparison.OrdinalIgnoreCase);

    private static async Task<string> DepthOfAsync(Suite suite, string queue)
    {
        var factory = new ConnectionFactory { Uri = new Uri(suite["AIGC2D_RABBITMQ_URL"]) };
        await using var connection = await factory.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        try
        {
            var found = await channel.QueueDeclarePassiveAsync(queue);
            return $"{found.MessageCount} messages, {found.ConsumerCount} consumers";
        }
        catch (OperationInterruptedException exception)
        {
            return exception.Message;
        }
    }

    private static readonly (string What, string Database, string Sql)[] Stations =
    [
        ("usage recorded", "adaptersdb", "select count(*) from usage_records where request_id = any($1)"),
        ("waiting in the outbox (all calls)", "adaptersdb", "select count(*) || ', most attempts ' || coalesce(max(attempts), 0) from outbox_messages where $1::uuid[] is not null"),
        ("settled", "billingdb", "select count(*) from settlements where request_id = any($1)"),
        ("holds by state", "billingdb", "select string_agg(state || ' ' || count, ', ') from (select state, count(*) from holds where request_id = any($1) group by state) s"),
        ("events without a position (all accounts)", "billingdb", "select count(*) from billing_event_queue where $1::uuid[] is not null"),
    ];
}
