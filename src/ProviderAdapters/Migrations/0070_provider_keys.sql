-- Customers' own keys at providers. A table of its own: nothing that works on the platform's channels can touch, list or route over them by mistake.
-- The credential is sealed by the service; the database never sees it in clear.
create table provider_keys (
    id uuid primary key,
    account_id uuid not null,
    provider text not null,
    name text not null,
    -- Null for the provider's official address.
    base_url text,
    credential bytea not null,
    credential_last4 text not null,
    -- Null for those that the platform lists for the provider.
    models text[],
    state text not null check (state in ('active', 'disabled')),
    created_at timestamptz not null default now()
);
create index provider_keys_by_account on provider_keys (account_id, id);

-- Whether the call went over the account's own key: channel_id is then the key's id.
alter table usage_records add column own_key boolean not null default false;

grant select, insert, update, delete on provider_keys to {{app_role}};
