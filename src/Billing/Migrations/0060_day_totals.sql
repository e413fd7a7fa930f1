-- What statements and reconciliation show is summed per day as it happens, in the transaction that it happens in, whoever writes: a month with
-- 200,000 charges is then a few hundred rows. The functions run as the owner, so the service itself can change no total; the audit compares.

create table movement_days (
    account_id uuid not null,
    day date not null,
    rule text not null,
    credits bigint not null,
    credit_micropoints bigint not null,
    debits bigint not null,
    debit_micropoints bigint not null,
    primary key (account_id, day, rule)
) with (fillfactor = 50);
create index movement_days_by_day on movement_days (day);

-- Calls of an account by model, on the day they were settled; tokens are those of charged calls.
create table usage_days (
    account_id uuid not null,
    day date not null,
    model text not null,
    charges bigint not null,
    free_endings bigint not null,
    input_tokens bigint not null,
    output_tokens bigint not null,
    cached_input_tokens bigint not null,
    charged_micropoints bigint not null,
    primary key (account_id, day, model)
) with (fillfactor = 50);

-- All calls of a channel on the day of their request, free ones included: what the provider counts.
create table channel_days (
    channel_id uuid not null,
    day date not null,
    requests bigint not null,
    charges bigint not null,
    input_tokens bigint not null,
    output_tokens bigint not null,
    cached_input_tokens bigint not null,
    priced_micropoints bigint not null,
    charged_micropoints bigint not null,
    primary key (channel_id, day)
) with (fillfactor = 50);

-- The plan is kept over a session, and a table that was small when it was made must not be scanned when it has grown.
create function total_entries() returns trigger language plpgsql security definer
set search_path = pg_catalog, public set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
    insert into movement_days as d (account_id, day, rule, credits, credit_micropoints, debits, debit_micropoints)
    select e.account_id, (t.posted_at at time zone 'utc')::date, t.rule,
        count(*) filter (where e.amount_micropoints > 0), coalesce(sum(e.amount_micropoints) filter (where e.amount_micropoints > 0), 0),
        count(*) filter (where e.amount_micropoints < 0), coalesce(-sum(e.amount_micropoints) filter (where e.amount_micropoints < 0), 0)
    from entered e
    join ledger_transactions t on t.id = e.transaction_id
    -- The platform's own accounts have the first ids of all and no statements.
    where e.account_id > '00000000-0000-0000-0000-0000000000ff'
    group by 1, 2, 3 order by 1, 2, 3
    on conflict (account_id, day, rule) do update set
        credits = d.credits + excluded.credits,
        credit_micropoints = d.credit_micropoints + excluded.credit_micropoints,
        debits = d.debits + excluded.debits,
        debit_micropoints = d.debit_micropoints + excluded.debit_micropoints;
    return null;
end
$$;
create trigger entries_are_totalled after insert on ledger_entries referencing new table as entered for each statement execute function total_entries();

create function total_settlements() returns trigger language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    insert into usage_days as d (account_id, day, model, charges, free_endings, input_tokens, output_tokens, cached_input_tokens, charged_micropoints)
    select account_id, (settled_at at time zone 'utc')::date, model,
        count(*) filter (where charged_micropoints > 0), count(*) filter (where charged_micropoints = 0),
        coalesce(sum(input_tokens) filter (where charged_micropoints > 0), 0), coalesce(sum(output_tokens) filter (where charged_micropoints > 0), 0),
        coalesce(sum(cached_input_tokens) filter (where charged_micropoints > 0), 0), sum(charged_micropoints)
    from settled group by 1, 2, 3 order by 1, 2, 3
    on conflict (account_id, day, model) do update set
        charges = d.charges + excluded.charges,
        free_endings = d.free_endings + excluded.free_endings,
        input_tokens = d.input_tokens + excluded.input_tokens,
        output_tokens = d.output_tokens + excluded.output_tokens,
        cached_input_tokens = d.cached_input_tokens + excluded.cached_input_tokens,
        charged_micropoints = d.charged_micropoints + excluded.charged_micropoints;

    insert into channel_days as d (channel_id, day, requests, charges, input_tokens, output_tokens, cached_input_tokens, priced_micropoints, charged_micropoints)
    select channel_id, day_of(request_id), count(*), count(*) filter (where charged_micropoints > 0),
        sum(input_tokens), sum(output_tokens), sum(cached_input_tokens), sum(price_micropoints), sum(charged_micropoints)
    from settled where channel_id is not null group by 1, 2 order by 1, 2
    on conflict (channel_id, day) do update set
        requests = d.requests + excluded.requests,
        charges = d.charges + excluded.charges,
        input_tokens = d.input_tokens + excluded.input_tokens,
        output_tokens = d.output_tokens + excluded.output_tokens,
        cached_input_tokens = d.cached_input_tokens + excluded.cached_input_tokens,
        priced_micropoints = d.priced_micropoints + excluded.priced_micropoints,
        charged_micropoints = d.charged_micropoints + excluded.charged_micropoints;
    return null;
end
$$;
create trigger settlements_are_totalled after insert on settlements referencing new table as settled for each statement execute function total_settlements();

revoke all on function total_entries, total_settlements from public;

insert into movement_days (account_id, day, rule, credits, credit_micropoints, debits, debit_micropoints)
select e.account_id, (t.posted_at at time zone 'utc')::date, t.rule,
    count(*) filter (where e.amount_micropoints > 0), coalesce(sum(e.amount_micropoints) filter (where e.amount_micropoints > 0), 0),
    count(*) filter (where e.amount_micropoints < 0), coalesce(-sum(e.amount_micropoints) filter (where e.amount_micropoints < 0), 0)
from ledger_entries e
join ledger_accounts a on a.id = e.account_id and a.kind = 'customer'
join ledger_transactions t on t.id = e.transaction_id
group by 1, 2, 3;

insert into usage_days (account_id, day, model, charges, free_endings, input_tokens, output_tokens, cached_input_tokens, charged_micropoints)
select account_id, (settled_at at time zone 'utc')::date, model,
    count(*) filter (where charged_micropoints > 0), count(*) filter (where charged_micropoints = 0),
    coalesce(sum(input_tokens) filter (where charged_micropoints > 0), 0), coalesce(sum(output_tokens) filter (where charged_micropoints > 0), 0),
    coalesce(sum(cached_input_tokens) filter (where charged_micropoints > 0), 0), sum(charged_micropoints)
from settlements group by 1, 2, 3;

insert into channel_days (channel_id, day, requests, charges, input_tokens, output_tokens, cached_input_tokens, priced_micropoints, charged_micropoints)
select channel_id, day_of(request_id), count(*), count(*) filter (where charged_micropoints > 0),
    sum(input_tokens), sum(output_tokens), sum(cached_input_tokens), sum(price_micropoints), sum(charged_micropoints)
from settlements where channel_id is not null group by 1, 2;

-- Ranges of time for exports.
create index ledger_transactions_by_time on ledger_transactions using brin (posted_at) with (autosummarize = on);
create index billing_events_by_time on billing_events using brin (occurred_at) with (autosummarize = on);

grant select on movement_days, usage_days, channel_days to {{app_role}};
