-- An account's month as it was closed: once, and never changed. What is posted later belongs to the month it is posted in.
create table statements (
    month date not null check (month = date_trunc('month', month::timestamp)::date),
    account_id uuid not null references ledger_accounts (id),
    opening_balance_micropoints bigint not null,
    closing_balance_micropoints bigint not null,
    -- Sums per rule and per model, as they are shown.
    movements jsonb not null,
    charges jsonb not null,
    closed_at timestamptz not null default ledger_now(),
    primary key (month, account_id)
);
create index statements_by_account on statements (account_id, month);

-- Months of which every account is closed.
create table closed_months (
    month date primary key,
    statements bigint not null,
    closed_at timestamptz not null default ledger_now()
);

grant select, insert on statements, closed_months to {{app_role}};
