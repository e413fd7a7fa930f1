-- What each provider call used and how it ended: one row per request, written once. Request ids are UUIDv7, so ranges of ids are ranges of
-- time and old months can become partitions of their own.
create table usage_records (
    request_id uuid not null,
    account_id uuid not null,
    key_id uuid not null,
    model text not null,
    provider text,
    channel_id uuid,
    upstream_model text,
    end_cause text not null check (end_cause in ('completed', 'content_filter', 'output_cut', 'client_abort', 'max_duration',
        'provider_error', 'provider_timeout', 'provider_cut', 'platform_crash', 'drain_cut')),
    provider_accepted boolean not null,
    streamed boolean not null,
    input_tokens int not null check (input_tokens >= 0),
    output_tokens int not null check (output_tokens >= 0),
    cached_input_tokens int not null check (cached_input_tokens between 0 and input_tokens),
    estimated boolean not null,
    started_at timestamptz not null,
    ended_at timestamptz not null,
    primary key (request_id)
) partition by range (request_id);

create table usage_records_default partition of usage_records default;
create index on usage_records (account_id, request_id);

grant select, insert on usage_records to {{app_role}};
