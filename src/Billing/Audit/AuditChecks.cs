namespace Aigc2d.Billing.Audit;

/// <summary>The ledger's invariants as queries that find no row. The first column names what violates.</summary>
internal static class AuditChecks
{
    public static readonly IReadOnlyList<(string Invariant, string Sql)> All =
    [
        // Every transaction sums to zero and has at least two entries, every entry has its transaction.
        ("B1", """
            select coalesce(t.id, e.transaction_id) from ledger_transactions t full join ledger_entries e on e.transaction_id = t.id
            group by t.id, e.transaction_id having t.id is null or coalesce(sum(e.amount_micropoints), 0) <> 0 or count(e.account_id) < 2
            """),

        // A stored balance equals the sum of its entries, and whatever moved has its account.
        ("B2", """
            select coalesce(a.id, e.account_id) from ledger_accounts a
            full join (select account_id, sum(amount_micropoints) as total from ledger_entries group by account_id) e on e.account_id = a.id
            where a.id is null or a.balance_micropoints <> coalesce(e.total, 0)
            union all
            select t.account_id from ledger_transactions t left join ledger_accounts a on a.id = t.account_id where a.id is null
            """),

        // What is held equals the sum of open holds.
        ("B3", """
            select coalesce(a.id, h.account_id) from ledger_accounts a
            full join (select account_id, sum(granted_micropoints) as total from holds where state = 'open' group by account_id) h on h.account_id = a.id
            where coalesce(a.held_micropoints, 0) <> coalesce(h.total, 0)
            """),

        // Available points go below zero only by shortfalls, and by no more than they allow.
        ("B4", """
            select a.id from ledger_accounts a
            where a.kind = 'customer' and a.balance_micropoints < a.held_micropoints and a.balance_micropoints - a.held_micropoints < -coalesce((
                select sum(greatest(0, s.charged_micropoints - h.granted_micropoints)) from settlements s join holds h using (request_id)
                where s.account_id = a.id and s.rule = 'shortfall'), 0)
            """),

        // A hold ends once: granted = settled + released.
        ("B5", """
            select request_id from holds
            where (state = 'open') <> (closed_at is null)
                or (state <> 'open' and settled_micropoints + released_micropoints <> granted_micropoints)
                or (state in ('released', 'expired') and settled_micropoints <> 0)
            """),

        // No hold is open 60 s past the time it is reclaimed at.
        ("B6", """
            select request_id from holds
            where state = 'open' and greatest(expires_at, (select reclaims_from from sweeper)) + interval '60 seconds' < ledger_now()
            """),

        // One charge per request, for ever: the settlement, the movement and the announcement are the same.
        ("B7", """
            select coalesce(s.request_id::text, t.business_id) from (select * from settlements where charged_micropoints > 0) s
            full join (select * from ledger_transactions where rule = 'charge') t on t.business_id = s.request_id::text
            left join ledger_entries e on e.transaction_id = t.id and e.account_id = s.account_id
            left join billing_events b on b.type = 'billing.usage.charged.v1' and b.account_id = s.account_id and b.data ->> 'requestId' = s.request_id::text
            where s.request_id is null or t.id is null or e.amount_micropoints is distinct from -s.charged_micropoints
                or (b.data ->> 'amountMicropoints')::bigint is distinct from -s.charged_micropoints
            """),

        // Whatever order things came in: a closed hold agrees with its settlement.
        ("B8", """
            select h.request_id from holds h join settlements s using (request_id)
            where (h.state = 'open')
                or (h.state = 'settled' and h.settled_micropoints <> least(s.charged_micropoints, h.granted_micropoints))
                or (h.state = 'settled' and s.rule not in ('plain', 'shortfall'))
                or (h.state in ('released', 'expired') and s.rule not in ('late', 'free', 'no_hold'))
            """),

        .. PriceChecks.All,

        // No impossible usage was accepted.
        ("B10", "select request_id from settlements where input_tokens < 0 or output_tokens < 0 or cached_input_tokens < 0"),

        // The end cause decides whether anything is charged.
        ("B11", """
            select request_id from settlements
            where (end_cause in ('provider_error', 'provider_timeout', 'provider_cut', 'platform_crash', 'drain_cut')) and (rule <> 'free' or charged_micropoints <> 0)
                or (end_cause in ('completed', 'content_filter', 'output_cut', 'max_duration') and rule = 'free')
            """),

        // What we counted ourselves never costs more than the hold, or the fee's share of it.
        ("B12", """
            select request_id from settlements s join holds h using (request_id)
            where s.estimated and s.charged_micropoints > greatest(10000, ceil(coalesce(s.own_key_fee_ppm, 1000000) * 0.000001 * h.granted_micropoints))
            """),

        // Beyond the hold, early or late, no charge passes its cap; over a customer's own key it is the cap's share, within the hold too.
        ("B13", """
            select request_id from settlements s join holds h using (request_id)
            where (s.rule in ('shortfall', 'late') or s.own_key_fee_ppm is not null)
                and s.charged_micropoints > greatest(10000, ceil(coalesce(s.own_key_fee_ppm, 1000000) * 0.000001 * case
                    when h.most_micropoints > h.granted_micropoints then h.most_micropoints
                    else h.granted_micropoints + h.granted_micropoints / 4
                end))
            """),

        // What was credited is what is left, what was used, and what a ban has sealed or forfeited.
        ("B15", """
            select a.id from ledger_accounts a join (
                select t.account_id,
                    coalesce(sum(e.amount_micropoints) filter (where t.rule <> 'charge' and t.rule not like 'forfeiture%'), 0) as credited,
                    coalesce(-sum(e.amount_micropoints) filter (where t.rule = 'charge'), 0) as used
                from ledger_transactions t join ledger_entries e on e.transaction_id = t.id and e.account_id = t.account_id
                group by t.account_id) m on m.account_id = a.id
            left join (select account_id, sum(micropoints) as forfeited from forfeitures where state in ('sealed', 'posted') group by account_id) f on f.account_id = a.id
            where m.credited <> a.balance_micropoints + m.used + coalesce(f.forfeited, 0)
            """),

        // Each account's sequence in the feed is 1..n, and each event has a position or waits for one.
        ("B19", """
            select a.id::text from ledger_accounts a left join billing_events e on e.account_id = a.id
            group by a.id, a.feed_sequence
            having count(e.seq) <> a.feed_sequence or coalesce(max(e.account_sequence), 0) <> a.feed_sequence or coalesce(min(e.account_sequence), 1) <> 1
            union all
            select 'event ' || seq from billing_events e full join (
                select seq from billing_event_positions union all select seq from billing_event_queue) p using (seq)
            group by seq having count(e.seq) <> 1 or count(p.seq) <> 1
            """),

        // A consumer that applies the events in order arrives at each balance it is told, and at the ledger's.
        ("B20", """
            select account_id from (
                select account_id, account_sequence, (data ->> 'balanceMicropoints')::bigint as told,
                    sum((data ->> 'amountMicropoints')::bigint) over (partition by account_id order by account_sequence) as applied,
                    lead(account_sequence) over (partition by account_id order by account_sequence) as next
                from billing_events) f join ledger_accounts a on a.id = f.account_id
            where f.told <> f.applied or (f.next is null and f.applied <> a.balance_micropoints)
            """),

        // Replaying the entries in order gives every balance that was written beside them.
        ("B21", """
            select transaction_id from (
                select e.transaction_id, e.balance_after_micropoints,
                    sum(e.amount_micropoints) over (partition by e.account_id order by e.seq) as replayed
                from ledger_entries e) r
            where balance_after_micropoints <> replayed
            """),

        // What happened cannot be rewritten by the service.
        ("B22", """
            select t.name || '.' || p.privilege
            from unnest(array['ledger_transactions', 'ledger_entries', 'settlements', 'billing_events', 'prices', 'price_versions',
                    'redemption_batches', 'redemption_codes', 'adjustments', 'forfeitures', 'forfeiture_reversals']) as t(name),
                unnest(array['UPDATE', 'DELETE', 'TRUNCATE']) as p(privilege)
            where has_table_privilege('billing_app', t.name, p.privilege)
            """),

        // Points are neither made nor lost.
        ("B23", "select 'ledger' from ledger_accounts having sum(balance_micropoints) <> 0"),
        .. StatementChecks.All,
        .. MoneyInChecks.All,
    ];
}
