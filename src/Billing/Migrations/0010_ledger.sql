-- Double-entry points. The broker is a cable, this database is the truth. All amounts are micropoints (1 point = 1,000,000).

-- Marks a database whose clock tests may move; empty in every real one, and the application cannot write it.
create table test_databases (marked boolean primary key default true check (marked));

-- The only money clock.
create function ledger_now() returns timestamptz language sql stable as $$
    select now() + case
        when exists (select 1 from test_databases) then coalesce(nullif(current_setting('aigc2d.clock_offset', true), '')::interval, interval '0')
        else interval '0'
    end
$$;

create table ledger_accounts (
    id uuid primary key,
    kind text not null check (kind in ('customer', 'revenue', 'issuance', 'rewards', 'adjustments', 'sealed', 'forfeited', 'platform_loss')),
    balance_micropoints bigint not null default 0,
    held_micropoints bigint not null default 0 check (held_micropoints >= 0),
    -- The account's place in the finance feed: 1..n without a gap, because it is counted under this row's lock.
    feed_sequence bigint not null default 0,
    -- Charged and held on the UTC day spend_day.
    spend_day date not null default 'epoch',
    spend_micropoints bigint not null default 0,
    sealed_at timestamptz,
    created_at timestamptz not null default ledger_now(),
    check (balance_micropoints between -9007199254740991 and 9007199254740991)
);

insert into ledger_accounts (id, kind) values
    ('00000000-0000-0000-0000-000000000001', 'revenue'),
    ('00000000-0000-0000-0000-000000000002', 'issuance'),
    ('00000000-0000-0000-0000-000000000003', 'rewards'),
    ('00000000-0000-0000-0000-000000000004', 'adjustments'),
    ('00000000-0000-0000-0000-000000000005', 'sealed'),
    ('00000000-0000-0000-0000-000000000006', 'forfeited'),
    ('00000000-0000-0000-0000-000000000007', 'platform_loss');

-- One movement of points: which rule moved them, for which business id, by whom.
create table ledger_transactions (
    id uuid primary key,
    rule text not null,
    business_id text not null,
    account_id uuid not null references ledger_accounts (id),
    actor text not null,
    reason text not null,
    price_version bigint,
    posted_at timestamptz not null default ledger_now(),
    unique (rule, business_id)
);
create index ledger_transactions_by_account on ledger_transactions (account_id, posted_at, id);

create table ledger_entries (
    -- Drawn under the account's lock, so that it orders an account's entries.
    seq bigint generated always as identity,
    transaction_id uuid not null references ledger_transactions (id),
    account_id uuid not null references ledger_accounts (id),
    amount_micropoints bigint not null check (amount_micropoints <> 0),
    balance_after_micropoints bigint not null,
    primary key (transaction_id, account_id)
);
create index ledger_entries_by_account on ledger_entries (account_id, seq);

create table holds (
    request_id uuid primary key,
    account_id uuid not null,
    key_id uuid not null,
    model text not null,
    -- The price in force when the hold was placed; null on the tombstone of a release that came before its hold.
    price_version bigint,
    multiplier_ppm int not null,
    input_tokens int not null check (input_tokens >= 0),
    held_output_tokens int not null check (held_output_tokens >= 0),
    -- What the call could cost at the model's maximum; more than granted when the price row capped the held output.
    most_micropoints bigint not null check (most_micropoints >= granted_micropoints),
    granted_micropoints bigint not null check (granted_micropoints >= 0),
    settled_micropoints bigint not null default 0 check (settled_micropoints >= 0),
    released_micropoints bigint not null default 0 check (released_micropoints >= 0),
    state text not null check (state in ('open', 'settled', 'released', 'expired')),
    close_reason text,
    fingerprint bytea not null,
    placed_at timestamptz not null default ledger_now(),
    expires_at timestamptz not null,
    closed_at timestamptz,
    check ((state = 'open') = (closed_at is null)),
    check (state <> 'open' or (settled_micropoints = 0 and released_micropoints = 0)),
    check (state not in ('released', 'expired') or (settled_micropoints = 0 and released_micropoints = granted_micropoints)),
    check (state <> 'settled' or settled_micropoints + released_micropoints = granted_micropoints)
);
create index holds_open on holds (expires_at) where state = 'open';
create index holds_open_by_account on holds (account_id) where state = 'open';

-- A hold ends once and never opens again, whoever writes.
create function refuse_reopening() returns trigger language plpgsql as $$
begin
    if old.state <> 'open' then
        raise exception 'hold % is closed and cannot change', old.request_id using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end
$$;
create trigger holds_end_once before update on holds for each row execute function refuse_reopening();

-- How each call ended and what it was charged; one row per request, for ever.
create table settlements (
    request_id uuid primary key,
    account_id uuid not null,
    key_id uuid not null,
    model text not null,
    provider text,
    channel_id uuid,
    end_cause text not null,
    estimated boolean not null,
    input_tokens int not null check (input_tokens >= 0),
    output_tokens int not null check (output_tokens >= 0),
    cached_input_tokens int not null check (cached_input_tokens >= 0),
    price_version bigint,
    multiplier_ppm int not null,
    -- plain: within the hold; shortfall: above it; late: the hold was gone; free: nothing to charge; no_hold: there never was one.
    rule text not null check (rule in ('plain', 'shortfall', 'late', 'free', 'no_hold')),
    price_micropoints bigint not null check (price_micropoints >= 0),
    charged_micropoints bigint not null check (charged_micropoints >= 0 and charged_micropoints <= price_micropoints),
    settled_at timestamptz not null default ledger_now()
);

create table idempotency_keys (
    account_id uuid not null,
    key_hash text not null,
    body_hash text not null,
    request_id uuid not null,
    used_at timestamptz not null default ledger_now(),
    primary key (account_id, key_hash)
);
create index idempotency_keys_by_age on idempotency_keys (used_at);

-- Charged and held per key and UTC day; only the current day is kept.
create table key_spending (
    key_id uuid primary key,
    day date not null,
    spend_micropoints bigint not null
);

-- Points added or removed by a person. Above a limit a second person has to agree first.
create table adjustments (
    id uuid primary key,
    account_id uuid not null,
    amount_micropoints bigint not null check (amount_micropoints <> 0),
    reason text not null,
    requested_by text not null,
    idempotency_key text,
    state text not null check (state in ('pending', 'posted', 'refused')),
    approved_by text,
    requested_at timestamptz not null default ledger_now(),
    posted_at timestamptz,
    check (approved_by is null or approved_by <> requested_by),
    unique (account_id, idempotency_key)
);

-- From when on the sweeper of the running process reclaims; B6 is counted from here.
create table sweeper (
    singleton boolean primary key default true check (singleton),
    reclaims_from timestamptz not null
);

grant select on test_databases to {{app_role}};
grant select, insert, update on ledger_accounts, holds, adjustments, sweeper, key_spending to {{app_role}};
grant select, insert on ledger_transactions, ledger_entries, settlements to {{app_role}};
grant select, insert, update, delete on idempotency_keys to {{app_role}};
