-- Prices are dated rows, never code: a change adds rows and removes none, and a hold pins the version it was placed at.
create table price_versions (
    version bigint generated always as identity primary key,
    actor text not null,
    created_at timestamptz not null default ledger_now()
);

create table prices (
    version bigint not null references price_versions (version),
    model text not null,
    effective_from timestamptz not null,
    input_micropoints_per_1k bigint not null check (input_micropoints_per_1k >= 0),
    output_micropoints_per_1k bigint not null check (output_micropoints_per_1k >= 0),
    -- null: cached input costs what input costs.
    cached_input_micropoints_per_1k bigint check (cached_input_micropoints_per_1k >= 0),
    context_tokens int not null check (context_tokens > 0),
    max_output_tokens int not null check (max_output_tokens > 0),
    -- null: the model's maximum is held when the client sets no limit.
    hold_output_tokens int check (hold_output_tokens > 0),
    primary key (version, model)
);
create index prices_by_model on prices (model, effective_from desc, version desc);

grant select, insert on price_versions, prices to {{app_role}};
