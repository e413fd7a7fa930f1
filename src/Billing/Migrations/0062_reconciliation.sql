-- What the provider says it counted, as people import it: a correction is a new row, the newest one of a channel and day is in force.
create table provider_usage (
    id bigint generated always as identity primary key,
    channel_id uuid not null,
    day date not null,
    input_tokens bigint not null check (input_tokens >= 0),
    output_tokens bigint not null check (output_tokens >= 0),
    source text not null,
    actor text not null,
    imported_at timestamptz not null default ledger_now()
);
create index provider_usage_by_day on provider_usage (channel_id, day, id);

-- What ProviderAdapters has recorded per channel and day, restated while it changes.
create table usage_totals (
    channel_id uuid not null,
    day date not null,
    revision bigint not null,
    requests bigint not null check (requests >= 0),
    input_tokens bigint not null check (input_tokens >= 0),
    output_tokens bigint not null check (output_tokens >= 0),
    cached_input_tokens bigint not null check (cached_input_tokens >= 0),
    primary key (channel_id, day)
);

grant select, insert on provider_usage to {{app_role}};
grant select, insert, update on usage_totals to {{app_role}};
