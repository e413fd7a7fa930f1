-- How many screenings had which score, for previews of policies: per hour, in steps of 0.01, without a word about who or what. The category 'all' counts
-- every screening; of the others the rows below 0.01 without a rule hit are left out, as they are what remains. Where a category is the likeliest, the
-- probability of any violation is counted with it in steps of 0.05.
create table score_counts (
    hour timestamptz not null,
    stage text not null check (stage in ('prompt', 'output')),
    category text not null,
    language text not null,
    strictness text not null check (strictness in ('standard', 'strict', 'relaxed')),
    rule_hit boolean not null,
    bucket smallint not null check (bucket between 0 and 99),
    any_bucket smallint not null check (any_bucket between 0 and 19),
    count bigint not null check (count > 0),
    primary key (hour, stage, category, language, strictness, rule_hit, bucket, any_bucket)
);

grant select, insert, update, delete on score_counts to {{app_role}};
