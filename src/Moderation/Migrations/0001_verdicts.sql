-- What was blocked. No text: category, rules, places and a keyed hash.
create table verdicts (
    request_id uuid not null,
    stage text not null check (stage in ('prompt', 'output')),
    account_id uuid not null,
    category text not null,
    severity text not null check (severity in ('P0', 'P1', 'P2')),
    rule_ids text[] not null,
    offsets jsonb not null,
    content_hash text not null,
    rule_set text not null,
    strike boolean not null,
    decided_at timestamptz not null,
    primary key (request_id, stage)
);

create index verdicts_by_account on verdicts (account_id, decided_at);

-- Blocked prompts that count against the account.
create table violations (
    request_id uuid primary key,
    account_id uuid not null,
    category text not null,
    severity text not null check (severity in ('P0', 'P1', 'P2')),
    content_hash text not null,
    occurred_at timestamptz not null
);

create index violations_by_account on violations (account_id, occurred_at);

-- A record of what was decided is never rewritten.
grant select, insert on verdicts, violations to {{app_role}};
