using Npgsql;

namespace Aigc2d.Benchmarks;

/// <summary>
/// Writes a ledger with 1,000,000 charges as the service would have written it, in a dozen statements and one transaction: one hot account with
/// 200,000 of them in the running month, 1,000 others over the last 60 days, and 9,000 accounts that only have points.
/// </summary>
internal static class SeedCharges
{
    public const int Charges = 1_000_000;
    public static readonly Guid Hot = new("01930000-0000-7000-8000-000000000001");

    public static async Task RunAsync(NpgsqlDataSource owner, CancellationToken ct)
    {
        await using var connection = await owner.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        foreach (var sql in Statements)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction) { CommandTimeout = 1200 };
            await command.ExecuteNonQueryAsync(ct);
        }

        await transaction.CommitAsync(ct);
        await using var analyze = new NpgsqlCommand("vacuum analyze", connection) { CommandTimeout = 1200 };
        await analyze.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The id of an account, request or transaction: a moment in its first 48 bits as in UUIDv7, the rest from a text.</summary>
    private const string Id = """
        create function pg_temp.seeded_id(moment timestamptz, salt text) returns uuid language sql immutable as $$
            select (left(replace(first_id_of(moment)::text, '-', ''), 12) || '7' || substr(md5(salt), 1, 3) || '8' || substr(md5(salt), 4, 15))::uuid
        $$
        """;

    private static readonly string[] Statements =
    [
        "set local work_mem = '128MB'",
        Id,
        """
        create temp table seeded_accounts on commit drop as
        select case when n = 0 then '01930000-0000-7000-8000-000000000001'::uuid else pg_temp.seeded_id(now() - interval '75 days', 'account ' || n) end as id, n,
            case when n = 0 then 1000000000000 else 10000000000 end as opening, now() - interval '70 days' + n * interval '1 ms' as opened_at
        from generate_series(0, 10000) n
        """,
        // The hot account's charges fill the running month, the others' the last sixty days.
        $$"""
        create temp table seeded on commit drop as
        select row_number() over (order by at, c) as n, c as salt, a.id as account_id, at, pg_temp.seeded_id(at - interval '2 s', 'request ' || c) as request_id,
            pg_temp.seeded_id(at, 'transaction ' || c) as transaction_id, 'model-' || c / 5 % 5 as model, 'channel-' || c % 8 as channel,
            100 + c % 400 as input, 20 + c % 300 as output, (100 + c % 400) * 6000 + (20 + c % 300) * 8000 as amount
        from generate_series(0, {{Charges - 1}}) c
        join seeded_accounts a on a.n = case when c % 5 = 0 then 0 else 1 + (c / 5 * 4 + c % 5) % 1000 end
        cross join lateral (select case when c % 5 = 0
            then date_trunc('month', now() at time zone 'utc') at time zone 'utc' + (now() - date_trunc('month', now() at time zone 'utc') at time zone 'utc') * (c::float8 / {{Charges}})
            else now() - interval '60 days' + interval '60 days' * (c::float8 / {{Charges}}) end as at) t
        """,
        "insert into ledger_accounts (id, kind, created_at) select id, 'customer', opened_at from seeded_accounts",
        """
        insert into adjustments (id, account_id, amount_micropoints, reason, requested_by, state, requested_at, posted_at)
        select pg_temp.seeded_id(opened_at, 'opening ' || n), id, opening, 'opening balance', 'bench', 'posted', opened_at, opened_at from seeded_accounts
        """,
        """
        insert into ledger_transactions (id, rule, business_id, account_id, actor, reason, posted_at)
        select pg_temp.seeded_id(opened_at, 'opening ' || n), 'adjustment', pg_temp.seeded_id(opened_at, 'opening ' || n)::text, id, 'bench', 'opening balance', opened_at
        from seeded_accounts order by n
        """,
        """
        insert into ledger_entries (transaction_id, account_id, amount_micropoints, balance_after_micropoints)
        select pg_temp.seeded_id(opened_at, 'opening ' || n), account_id, amount, balance from (
            select n, opened_at, 0 as side, id as account_id, opening as amount, opening as balance from seeded_accounts
            union all
            select n, opened_at, 1, '00000000-0000-0000-0000-000000000004', -opening, -sum(opening) over (order by n) from seeded_accounts) e
        order by n, side
        """,
        """
        insert into ledger_transactions (id, rule, business_id, account_id, actor, reason, price_version, posted_at)
        select transaction_id, 'charge', request_id::text, account_id, 'provider-adapters', 'plain', 1, at from seeded order by n
        """,
        """
        insert into ledger_entries (transaction_id, account_id, amount_micropoints, balance_after_micropoints)
        select transaction_id, account_id, amount, balance from (
            select s.n, 0 as side, s.transaction_id, s.account_id, -s.amount as amount, a.opening - sum(s.amount) over (partition by s.account_id order by s.n) as balance
            from seeded s join seeded_accounts a on a.id = s.account_id
            union all
            select n, 1, transaction_id, '00000000-0000-0000-0000-000000000001', amount, sum(amount) over (order by n) from seeded) e
        order by n, side
        """,
        """
        insert into holds (request_id, account_id, key_id, model, price_version, multiplier_ppm, input_tokens, held_output_tokens, most_micropoints, granted_micropoints,
            settled_micropoints, released_micropoints, state, close_reason, fingerprint, placed_at, expires_at, closed_at)
        select request_id, account_id, account_id, model, 1, 1000000, input, output, amount, amount, amount, 0, 'settled', 'completed', decode(md5(salt::text), 'hex'),
            at - interval '2 s', at + interval '88 s', at from seeded order by n
        """,
        """
        insert into settlements (request_id, account_id, key_id, model, provider, channel_id, end_cause, estimated, input_tokens, output_tokens, cached_input_tokens,
            price_version, multiplier_ppm, rule, price_micropoints, charged_micropoints, settled_at)
        select request_id, account_id, account_id, model, 'openai', md5(channel)::uuid, 'completed', false, input, output, 0, 1, 1000000, 'plain', amount, amount, at
        from seeded order by n
        """,
        """
        insert into billing_events (id, type, account_id, account_sequence, occurred_at, data)
        select id, type, account_id, sequence, at, data || jsonb_build_object('accountId', account_id, 'accountSequence', sequence) from (
            select 0 as n, pg_temp.seeded_id(opened_at, 'opening event ' || n) as id, 'billing.adjustment.posted.v1' as type, id as account_id, 1::bigint as sequence, opened_at as at,
                jsonb_build_object('transactionId', pg_temp.seeded_id(opened_at, 'opening ' || n), 'reason', 'opening balance', 'requestedBy', 'bench', 'approvedBy', null,
                    'amountMicropoints', opening, 'balanceMicropoints', opening) as data
            from seeded_accounts
            union all
            select s.n, pg_temp.seeded_id(at, 'event ' || salt), 'billing.usage.charged.v1', account_id, 1 + row_number() over w, at, jsonb_build_object(
                'requestId', request_id, 'keyId', account_id, 'model', model, 'provider', 'openai', 'channelId', md5(channel)::uuid, 'endCause', 'completed', 'estimated', false,
                'inputTokens', input, 'outputTokens', output, 'cachedInputTokens', 0, 'priceVersion', 1, 'rates', jsonb_build_object('input', 6000000, 'output', 8000000),
                'multiplierPpm', 1000000, 'rule', 'plain', 'amountMicropoints', -amount, 'balanceMicropoints', a.opening - sum(amount) over w)
            from seeded s join seeded_accounts a on a.id = s.account_id window w as (partition by s.account_id order by s.n)) e
        order by at, account_id, sequence
        """,
        // They count as published: what is measured is not the relay.
        "insert into billing_event_positions (position, seq) select row_number() over (order by seq), seq from billing_events order by seq",
        "update billing_feed_cursor set published_position = (select max(position) from billing_event_positions)",
        """
        update ledger_accounts a set balance_micropoints = t.balance, feed_sequence = t.events from (
            select e.account_id, sum(e.amount_micropoints) as balance, (select count(*) from billing_events b where b.account_id = e.account_id) as events
            from ledger_entries e group by e.account_id) t
        where t.account_id = a.id
        """,
    ];
}
