-- What finance is told, written in the transaction that moved the points; append-only.
create table billing_events (
    seq bigint generated always as identity primary key,
    id uuid not null unique,
    type text not null,
    account_id uuid not null,
    account_sequence bigint not null,
    occurred_at timestamptz not null,
    data jsonb not null,
    unique (account_id, account_sequence)
);

-- Events that have no global position yet. One publisher numbers them in the order it sees them, so a late commit is never skipped.
create table billing_event_queue (seq bigint primary key references billing_events (seq));

create table billing_event_positions (
    position bigint primary key,
    seq bigint not null unique references billing_events (seq)
);

create table billing_feed_cursor (
    singleton boolean primary key default true check (singleton),
    published_position bigint not null
);
insert into billing_feed_cursor (published_position) values (0);

grant select, insert on billing_events, billing_event_positions to {{app_role}};
grant select, insert, update, delete on billing_event_queue to {{app_role}};
grant select, update on billing_feed_cursor to {{app_role}};
