create table plans (
    name text primary key,
    requests_per_minute int not null check (requests_per_minute > 0),
    tokens_per_minute bigint not null check (tokens_per_minute > 0),
    concurrent_calls int not null check (concurrent_calls > 0),
    micropoints_per_day bigint check (micropoints_per_day > 0),
    multiplier_ppm int not null check (multiplier_ppm >= 0)
);

insert into plans (name, requests_per_minute, tokens_per_minute, concurrent_calls, micropoints_per_day, multiplier_ppm)
values ('standard', 6000, 20000000, 1000, null, 1000000);

create table accounts (
    id uuid primary key,
    name text not null check (length(name) between 1 and 100),
    email text,
    plan text not null references plans,
    -- Counted here so that racing creations of keys meet on this row.
    active_keys int not null check (active_keys between 0 and 100),
    created_by text,
    created_at timestamptz not null,
    deleted_at timestamptz
);

create table standings (
    account_id uuid primary key references accounts,
    state text not null check (state in ('active', 'frozen', 'suspended', 'banned')),
    until timestamptz,
    reason text,
    changed_at timestamptz not null
);

-- A key itself is nowhere: only its HMAC under a pepper that is not in this database, and what people tell keys apart by.
create table keys (
    id uuid primary key,
    account_id uuid not null references accounts,
    name text not null check (length(name) between 1 and 100),
    pepper_version int not null,
    hash bytea not null unique check (length(hash) = 32),
    last4 text not null check (length(last4) = 4),
    scopes text[] not null check (cardinality(scopes) > 0 and scopes <@ array['inference', 'account']),
    models text[],
    ip_ranges text[],
    expires_at timestamptz,
    micropoints_per_day bigint check (micropoints_per_day > 0),
    created_at timestamptz not null,
    revoked_at timestamptz
);

create index keys_of_account on keys (account_id, id) where revoked_at is null;

-- Which account a repeated creation already made.
create table account_creations (
    idempotency_hash bytea primary key,
    body_hash bytea not null,
    account_id uuid not null references accounts deferrable initially deferred,
    key_id uuid not null references keys deferrable initially deferred
);

-- One row, updated in the transaction of every change: its counter moves at the very moment the change can be seen.
create table changes (
    one boolean primary key default true check (one),
    counter bigint not null
);

insert into changes (counter) values (1);

-- Nothing is deleted and nothing rewritten: keys are revoked, accounts closed.
grant select on plans to {{app_role}};
grant select, insert on accounts, standings, keys, account_creations to {{app_role}};
grant update (active_keys) on accounts to {{app_role}};
grant update (revoked_at) on keys to {{app_role}};
grant select, update (counter) on changes to {{app_role}};
