namespace Aigc2d.Billing.Audit;

/// <summary>The invariants of day totals and statements.</summary>
internal static class StatementChecks
{
    public static readonly IReadOnlyList<(string Invariant, string Sql)> All =
    [
        // Where a provider's own figures are known, ours are within one in a hundred of them. What went over customers' own keys is on no bill of ours.
        ("B24", """
            select 'channel ' || channel_id || ' ' || day
            from (select distinct on (channel_id, day) channel_id, day, input_tokens, output_tokens from provider_usage order by channel_id, day, id desc) p
            left join channel_days c using (channel_id, day)
            where abs(coalesce(c.input_tokens, 0) - p.input_tokens)::numeric * 100 > p.input_tokens
                or abs(coalesce(c.output_tokens, 0) - p.output_tokens)::numeric * 100 > p.output_tokens
            """),

        // What is summed as it happens equals the sum of what happened.
        ("B26", """
            select 'movements ' || account_id || ' ' || day || ' ' || rule
            from (
                select e.account_id, (t.posted_at at time zone 'utc')::date as day, t.rule,
                    count(*) filter (where e.amount_micropoints > 0) as credits, coalesce(sum(e.amount_micropoints) filter (where e.amount_micropoints > 0), 0) as credited,
                    count(*) filter (where e.amount_micropoints < 0) as debits, coalesce(-sum(e.amount_micropoints) filter (where e.amount_micropoints < 0), 0) as debited
                from ledger_entries e
                join ledger_accounts a on a.id = e.account_id and a.kind = 'customer'
                join ledger_transactions t on t.id = e.transaction_id
                group by 1, 2, 3) s
            full join movement_days d using (account_id, day, rule)
            where (s.credits, s.credited, s.debits, s.debited) is distinct from (d.credits, d.credit_micropoints::numeric, d.debits, d.debit_micropoints::numeric)
            union all
            select 'usage ' || account_id || ' ' || day || ' ' || model
            from (
                select account_id, (settled_at at time zone 'utc')::date as day, model,
                    count(*) filter (where charged_micropoints > 0) as charges, count(*) filter (where charged_micropoints = 0) as free_endings,
                    coalesce(sum(input_tokens) filter (where charged_micropoints > 0), 0) as input, coalesce(sum(output_tokens) filter (where charged_micropoints > 0), 0) as output,
                    coalesce(sum(cached_input_tokens) filter (where charged_micropoints > 0), 0) as cached, sum(charged_micropoints) as charged
                from settlements group by 1, 2, 3) s
            full join usage_days d using (account_id, day, model)
            where (s.charges, s.free_endings, s.input, s.output, s.cached, s.charged) is distinct from
                (d.charges, d.free_endings, d.input_tokens, d.output_tokens, d.cached_input_tokens, d.charged_micropoints::numeric)
            union all
            select 'channel ' || channel_id || ' ' || day
            from (
                select channel_id, day_of(request_id) as day, count(*) as requests, count(*) filter (where charged_micropoints > 0) as charges, sum(input_tokens) as input,
                    sum(output_tokens) as output, sum(cached_input_tokens) as cached, sum(price_micropoints) as priced, sum(charged_micropoints) as charged
                from settlements where channel_id is not null and own_key_fee_ppm is null group by 1, 2) s
            full join channel_days d using (channel_id, day)
            where (s.requests, s.charges, s.input, s.output, s.cached, s.priced, s.charged) is distinct from
                (d.requests, d.charges, d.input_tokens, d.output_tokens, d.cached_input_tokens, d.priced_micropoints::numeric, d.charged_micropoints::numeric)
            """),

        // A statement adds up, begins where the one before ended, says what was posted in its month, and was announced once.
        ("B27", """
            select 'statement ' || s.account_id || ' ' || s.month
            from (select *, lag(closing_balance_micropoints) over (partition by account_id order by month) as before from statements) s
            left join lateral (select coalesce(sum((line ->> 'amountMicropoints')::bigint), 0) as micropoints from jsonb_array_elements(s.movements) as line) told on true
            left join lateral (
                select coalesce(sum(credit_micropoints - debit_micropoints), 0) as micropoints from movement_days d
                where d.account_id = s.account_id and d.day >= s.month and d.day < s.month + interval '1 month') posted on true
            where s.opening_balance_micropoints <> coalesce(s.before, 0)
                or s.closing_balance_micropoints <> s.opening_balance_micropoints + told.micropoints
                or told.micropoints <> posted.micropoints
            union all
            select 'announcement ' || coalesce(s.account_id, e.account_id)
            from statements s
            full join (
                select account_id, (data ->> 'month') || '-01' as month, count(*) as times, max((data ->> 'closingBalanceMicropoints')::bigint) as closing
                from billing_events where type = 'billing.statement.closed.v1' group by 1, 2) e on e.account_id = s.account_id and e.month = s.month::text
            where (e.times, e.closing) is distinct from (1::bigint, s.closing_balance_micropoints)
            """),
    ];
}
