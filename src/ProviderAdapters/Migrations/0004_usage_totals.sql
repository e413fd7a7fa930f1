-- What was told of each channel's day, so that it is told again only when it has changed. Only the hourly sum writes it, as the owner.
create table usage_totals (
    channel_id uuid not null,
    day date not null,
    revision bigint not null,
    requests bigint not null,
    input_tokens bigint not null,
    output_tokens bigint not null,
    cached_input_tokens bigint not null,
    primary key (channel_id, day)
);
create index usage_totals_by_day on usage_totals (day);
