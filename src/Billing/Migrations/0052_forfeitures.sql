-- What a ban takes: ordered (nothing can use the points any more), sealed (no call is running, the points have moved away), posted as forfeited when nobody
-- can appeal any more, or reversed by an appeal. Never back.
create table forfeitures (
    id uuid primary key,
    account_id uuid not null references ledger_accounts (id),
    suspension_id uuid not null unique,
    violations uuid[] not null check (cardinality(violations) between 1 and 100),
    reason text not null,
    ordered_by text not null check (ordered_by <> ''),
    ordered_at timestamptz not null default ledger_now(),
    appeal_until timestamptz not null,
    state text not null default 'ordered' check (state in ('ordered', 'sealed', 'posted', 'reversed')),
    -- What has moved; null while calls are still running.
    micropoints bigint check (micropoints >= 0),
    sealed_at timestamptz,
    posted_at timestamptz,
    posted_by text,
    -- Why it was posted before the end of the appeal window; null when the window had passed.
    posted_reason text,
    reversal_id uuid,
    check (state <> 'ordered' or sealed_at is null),
    check (state not in ('sealed', 'posted') or sealed_at is not null),
    check ((sealed_at is null) = (micropoints is null)),
    check (state <> 'sealed' or posted_at is null),
    check (state <> 'posted' or posted_at is not null),
    check ((posted_at is null) = (posted_by is null)),
    check ((state = 'reversed') = (reversal_id is not null))
);
create index forfeitures_by_account on forfeitures (account_id) where state <> 'reversed';
create index forfeitures_ordered on forfeitures (id) where state = 'ordered';
create index forfeitures_sealed on forfeitures (appeal_until) where state = 'sealed';

-- An appeal that was won: one person asks for the reversal, another one agrees.
create table forfeiture_reversals (
    id uuid primary key,
    forfeiture_id uuid not null references forfeitures (id),
    appeal_id uuid not null unique,
    reason text not null,
    requested_by text not null,
    requested_at timestamptz not null default ledger_now(),
    state text not null default 'pending' check (state in ('pending', 'approved', 'refused')),
    decided_by text,
    decided_at timestamptz,
    decided_reason text,
    check ((state = 'pending') = (decided_by is null)),
    check ((decided_by is null) = (decided_at is null)),
    check (state <> 'approved' or decided_by <> requested_by)
);
create unique index forfeiture_reversals_one_pending on forfeiture_reversals (forfeiture_id) where state = 'pending';
create index forfeiture_reversals_by_forfeiture on forfeiture_reversals (forfeiture_id, id);
create trigger forfeiture_reversals_decided_once before update on forfeiture_reversals
    for each row execute function refuse_other_transitions('pending>approved', 'pending>refused');

alter table forfeitures add foreign key (reversal_id) references forfeiture_reversals (id);
create trigger forfeitures_never_go_back before update on forfeitures
    for each row execute function refuse_other_transitions('ordered>sealed', 'ordered>reversed', 'sealed>posted', 'sealed>reversed', 'posted>reversed');

-- What has to be true at each step, whoever writes.
create function check_forfeiture_step() returns trigger language plpgsql as $$
begin
    if new.state = 'sealed' and exists (select from holds where account_id = new.account_id and state = 'open') then
        raise exception 'forfeiture %: a call is still running', new.id using errcode = 'integrity_constraint_violation';
    end if;
    if new.state = 'posted' and (new.posted_reason is null and new.appeal_until > ledger_now()
            or exists (select from forfeiture_reversals where forfeiture_id = new.id and state = 'pending')) then
        raise exception 'forfeiture %: an appeal is still possible or pending', new.id using errcode = 'integrity_constraint_violation';
    end if;
    if new.state = 'reversed' and not exists (
            select from forfeiture_reversals where id = new.reversal_id and forfeiture_id = new.id and state = 'approved') then
        raise exception 'forfeiture %: nobody has approved its reversal', new.id using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end
$$;
create trigger forfeitures_step_by_step before insert or update on forfeitures for each row execute function check_forfeiture_step();

grant select, insert on forfeitures, forfeiture_reversals to {{app_role}};
grant update (state, micropoints, sealed_at, posted_at, posted_by, posted_reason, reversal_id) on forfeitures to {{app_role}};
grant update (state, decided_by, decided_at, decided_reason) on forfeiture_reversals to {{app_role}};
