namespace Aigc2d.Billing.Audit;

/// <summary>The invariants of codes, forfeitures and of what people move, as queries that find no row.</summary>
internal static class MoneyInChecks
{
    public static readonly IReadOnlyList<(string Invariant, string Sql)> All =
    [
        // Every redeemed code has one credit with its batch's amount and one announcement of it, and no credit is without its code.
        ("B17", """
            select coalesce(c.id::text, t.business_id) from (
                select c.id, c.redeemed_by, c.revoked_at, b.micropoints, b.state, b.requested_by, b.approved_by, b.code_count::numeric * b.micropoints > b.limit_micropoints as is_large
                from redemption_codes c join redemption_batches b on b.id = c.batch_id where c.redeemed_by is not null) c
            full join (select * from ledger_transactions where rule = 'redemption') t on t.business_id = c.id::text
            left join ledger_entries e on e.transaction_id = t.id and e.account_id = c.redeemed_by
            left join billing_events n on n.type = 'billing.recharge.posted.v1' and n.account_id = c.redeemed_by and n.data ->> 'transactionId' = c.id::text
            where c.id is null or t.id is null or t.account_id <> c.redeemed_by or e.amount_micropoints is distinct from c.micropoints
                or (n.data ->> 'amountMicropoints')::bigint is distinct from c.micropoints
                or c.revoked_at is not null or c.state = 'pending' or (c.is_large and (c.approved_by is null or c.approved_by = c.requested_by))
            """),

        // Forfeitures: what the platform's accounts hold, each movement, who ordered and reversed, and that no call was running.
        ("B18", """
            select a.kind from ledger_accounts a
            where a.kind = 'sealed' and a.balance_micropoints <> (select coalesce(sum(micropoints), 0) from forfeitures where state = 'sealed')
                or a.kind = 'forfeited' and a.balance_micropoints <> (select coalesce(sum(micropoints), 0) from forfeitures where state = 'posted')
            union all
            select f.id::text || ' ' || m.rule from forfeitures f
            cross join (values ('forfeiture_sealed', -1), ('forfeiture_posted', 0), ('forfeiture_reversed', 1)) as m(rule, sign)
            left join ledger_transactions t on t.rule = m.rule and t.business_id = f.id::text
            left join ledger_entries e on e.transaction_id = t.id and e.account_id = f.account_id
            where (t.id is not null) <> (coalesce(f.micropoints, 0) > 0 and case m.rule
                    when 'forfeiture_sealed' then true when 'forfeiture_posted' then f.posted_at is not null else f.state = 'reversed' end)
                or (t.id is not null and (t.account_id <> f.account_id or coalesce(e.amount_micropoints, 0) <> m.sign * f.micropoints))
                or (m.rule = 'forfeiture_sealed' and e.balance_after_micropoints <> 0)
            union all
            select t.business_id from ledger_transactions t
            where t.rule in ('forfeiture_sealed', 'forfeiture_posted', 'forfeiture_reversed') and not exists (select from forfeitures f where f.id::text = t.business_id)
            union all
            select f.id::text || ' names nobody' from forfeitures f where cardinality(f.violations) = 0 or f.ordered_by = '' or f.reason = ''
            union all
            select f.id::text || ' reversed by one' from forfeitures f left join forfeiture_reversals r on r.id = f.reversal_id
            where f.state = 'reversed' and (r.forfeiture_id is distinct from f.id or r.state <> 'approved' or r.decided_by is null or r.decided_by = r.requested_by)
            union all
            select f.id::text || ' posted early' from forfeitures f where f.posted_at < f.appeal_until and f.posted_reason is null
            union all
            select h.request_id::text || ' open' from holds h join forfeitures f on f.account_id = h.account_id and f.state in ('sealed', 'posted') where h.state = 'open'
            union all
            select s.request_id::text || ' charged after the seal' from forfeitures f
            join ledger_transactions t on t.rule = 'forfeiture_sealed' and t.business_id = f.id::text
            join ledger_entries e on e.transaction_id = t.id and e.account_id = f.account_id
            join holds h on h.account_id = f.account_id and h.placed_at < f.ordered_at
            join settlements s on s.request_id = h.request_id and s.rule in ('plain', 'shortfall')
            join ledger_transactions c on c.rule = 'charge' and c.business_id = s.request_id::text
            join ledger_entries ce on ce.transaction_id = c.id and ce.account_id = f.account_id and ce.seq > e.seq
            union all
            select a.id::text from ledger_accounts a
            where (a.sealed_at is not null) <> exists (select from forfeitures f where f.account_id = a.id and f.state <> 'reversed')
            """),

        // What one person moved was within the limit of its time; above it there were two.
        ("B25", """
            select id from adjustments
            where state = 'posted' and abs(amount_micropoints) > limit_micropoints and (approved_by is null or approved_by = requested_by)
            union all
            select id from redemption_batches
            where state = 'active' and code_count::numeric * micropoints > limit_micropoints and (approved_by is null or approved_by = requested_by)
            """),
    ];
}
