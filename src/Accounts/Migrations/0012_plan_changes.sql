-- Who made which plan how strict, when and why. Rows are numbered while their plan is locked, so they stand in the order in which they took effect; what a
-- plan was before is told by the row before, and at first by its creation.
create table plan_changes (
    id bigint generated always as identity primary key,
    plan text not null references plans,
    strictness text not null check (strictness in ('standard', 'strict', 'relaxed')),
    reason text not null check (length(reason) between 1 and 500),
    actor text not null,
    changed_at timestamptz not null default clock_timestamp()
);

create index plan_changes_of_plan on plan_changes (plan, id);

grant select, insert on plan_changes to {{app_role}};
grant update (strictness) on plans to {{app_role}};
