-- What becomes of texts, by category and stage, as dated rows. The newest row whose date has come is in force; rows are only added.
create table policy_versions (
    version bigint generated always as identity primary key,
    actor text not null,
    -- Taken once a version has its turn, so that a later version never begins before an earlier one of the same wish.
    added_at timestamptz not null default clock_timestamp()
);

create table policies (
    version bigint not null references policy_versions,
    category text not null,
    stage text not null check (stage in ('prompt', 'output')),
    effective_from timestamptz not null,
    -- Probabilities; null is the model's own threshold.
    block_at numeric(3, 2) check (block_at between 0.05 and 0.99),
    review_at numeric(3, 2) check (review_at between 0.05 and 0.99),
    on_rule_hit text not null check (on_rule_hit in ('block', 'review', 'allow')),
    strike boolean not null,
    reason text not null check (length(reason) between 1 and 500),
    primary key (category, stage, version),
    check (review_at <= block_at),
    check (stage = 'prompt' or not strike),
    check (category <> 'jurisdiction' or not strike),
    constraint gravest_stay_blocked check (
        category not in ('child_safety', 'trafficking', 'terrorism', 'malware')
        or (on_rule_hit = 'block' and strike = (stage = 'prompt') and (block_at is null or block_at <= 0.90)))
);

grant select, insert on policy_versions, policies to {{app_role}};
