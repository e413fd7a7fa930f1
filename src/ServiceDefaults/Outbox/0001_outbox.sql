-- Messages that a transaction announces; the relay sends them after the commit and deletes them.
create table outbox_messages (
    id bigint generated always as identity primary key,
    message_id uuid not null,
    message_type text not null,
    body jsonb not null,
    trace_parent text,
    attempts int not null default 0,
    next_attempt_at timestamptz not null default now(),
    created_at timestamptz not null default now()
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

grant select, insert, update, delete on outbox_messages to {{app_role}};
