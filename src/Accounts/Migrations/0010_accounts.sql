-- Membership plans: limits and the price multiplier.
create table plans (
    name text primary key,
    requests_per_minute int not null check (requests_per_minute > 0),
    tokens_per_minute bigint not null check (tokens_per_minute > 0),
    concurrent_calls int not null check (concurrent_calls > 0),
    -- null: no cap per UTC day.
    micropoints_per_day bigint check (micropoints_per_day >= 0),
    -- Parts per million of the list price.
    multiplier_ppm int not null check (multiplier_ppm >= 0)
);

insert into plans (name, requests_per_minute, tokens_per_minute, concurrent_calls, multiplier_ppm)
values ('standard', 6000, 20000000, 1000, 1000000);

create table accounts (
    id uuid primary key,
    name text not null check (length(name) between 1 and 200),
    email text unique,
    plan text not null default 'standard' references plans (name),
    standing text not null default 'active' check (standing in ('active', 'frozen', 'suspended', 'banned')),
    -- The end of a freeze or suspension; null when open-ended or active.
    standing_until timestamptz,
    standing_reason text,
    created_at timestamptz not null default now()
);

-- Only a keyed hash and the last four characters of a key are kept.
create table api_keys (
    id uuid primary key,
    account_id uuid not null references accounts (id),
    name text not null check (length(name) between 1 and 200),
    key_hash bytea not null unique,
    pepper_version int not null,
    last4 text not null,
    scopes text[] not null,
    models text[],
    ip_ranges text[],
    expires_at timestamptz,
    micropoints_per_day bigint check (micropoints_per_day >= 0),
    created_at timestamptz not null default now(),
    revoked_at timestamptz
);
create index api_keys_by_account on api_keys (account_id, created_at, id);

-- Grows with every change that gateways have to hear of; it changes in the transaction of the change.
create table change_counter (
    singleton boolean primary key default true check (singleton),
    value bigint not null
);
insert into change_counter (value) values (1);

grant select on plans to {{app_role}};
grant select, insert, update on accounts, api_keys to {{app_role}};
grant select, update on change_counter to {{app_role}};
