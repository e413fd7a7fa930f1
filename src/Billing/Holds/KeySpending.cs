using Aigc2d.Billing.Ledger;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.Billing.Holds;

/// <summary>What keys have charged and held on their current UTC day.</summary>
internal static class KeySpending
{
    /// <summary>Adds to the counters; an amount for a day that is over no longer matters and is dropped.</summary>
    public static void Add(NpgsqlBatch batch, IEnumerable<(Guid KeyId, DateOnly Day, long Micropoints)> amounts)
    {
        // One order for every writer: two batches that share keys wait for each other instead of deadlocking.
        var sums = amounts.GroupBy(a => a.KeyId).Select(key => Sum(key)).Where(key => key.Micropoints != 0).OrderBy(key => key.KeyId).ToArray();
        if (sums.Length == 0) return;

        batch.BatchCommands.Add(new(Upsert)
        {
            Parameters =
            {
                sums.Select(s => s.KeyId).ToParameter(NpgsqlDbType.Uuid),
                sums.Select(s => s.Day).ToParameter(NpgsqlDbType.Date),
                sums.Select(s => s.Micropoints).ToParameter(NpgsqlDbType.Bigint),
            },
        });
    }

    private static (Guid KeyId, DateOnly Day, long Micropoints) Sum(IGrouping<Guid, (Guid KeyId, DateOnly Day, long Micropoints)> key)
    {
        var day = key.Max(amount => amount.Day);
        return (key.Key, day, key.Where(amount => amount.Day == day).Sum(amount => amount.Micropoints));
    }

    private const string Upsert = """
        insert into key_spending (key_id, day, spend_micropoints) select * from unnest($1, $2, $3) as s(key_id, day, spend) order by key_id
        on conflict (key_id) do update set
            day = greatest(key_spending.day, excluded.day),
            spend_micropoints = case
                when key_spending.day = excluded.day then key_spending.spend_micropoints + excluded.spend_micropoints
                when key_spending.day < excluded.day then excluded.spend_micropoints
                else key_spending.spend_micropoints
            end
        """;
}
