-- Every update of such a row is one of the transitions that the trigger names ('pending>active'), so what is decided stays decided, whoever writes.
create function refuse_other_transitions() returns trigger language plpgsql as $$
begin
    if not (old.state || '>' || new.state = any (tg_argv)) then
        raise exception '% % cannot go from % to %', tg_table_name, old.id, old.state, new.state using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end
$$;

-- Redemption codes are made in batches and shown once; what stays of a code is a keyed hash.
create table redemption_batches (
    id uuid primary key,
    name text,
    reason text,
    code_count int not null check (code_count between 1 and 10000),
    micropoints bigint not null check (micropoints between 1 and 9007199254740991),
    expires_at timestamptz,
    -- What one person could give alone when the batch was made.
    limit_micropoints bigint not null,
    state text not null check (state in ('pending', 'active', 'revoked')),
    requested_by text not null,
    requested_at timestamptz not null default ledger_now(),
    approved_by text,
    approved_at timestamptz,
    revoked_by text,
    revoked_at timestamptz,
    revoked_reason text,
    check (code_count::numeric * micropoints <= 9007199254740991),
    check ((approved_by is null) = (approved_at is null)),
    check (approved_by <> requested_by),
    check (state <> 'active' or approved_by is not null or code_count::numeric * micropoints <= limit_micropoints),
    check ((state = 'revoked') = (revoked_by is not null))
);
create trigger redemption_batches_decided_once before update on redemption_batches
    for each row execute function refuse_other_transitions('pending>active', 'pending>revoked', 'active>revoked');

create table redemption_codes (
    id uuid primary key,
    batch_id uuid not null references redemption_batches (id),
    pepper_version int not null,
    hash bytea not null unique,
    redeemed_by uuid,
    redeemed_at timestamptz,
    revoked_at timestamptz,
    check ((redeemed_by is null) = (redeemed_at is null)),
    check (redeemed_by is null or revoked_at is null)
);
create index redemption_codes_by_batch on redemption_codes (batch_id);

-- A code is used up once, by an account or by its revocation.
create function refuse_second_use() returns trigger language plpgsql as $$
begin
    if old.redeemed_by is not null or old.revoked_at is not null then
        raise exception 'code % is used up and cannot change', old.id using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end
$$;
create trigger redemption_codes_used_once before update on redemption_codes for each row execute function refuse_second_use();

-- Codes that did not work, per account and hour.
create table redemption_failures (
    account_id uuid primary key,
    since timestamptz not null,
    failures int not null
);

grant select, insert on redemption_batches, redemption_codes to {{app_role}};
grant update (state, approved_by, approved_at, revoked_by, revoked_at, revoked_reason) on redemption_batches to {{app_role}};
grant update (redeemed_by, redeemed_at, revoked_at) on redemption_codes to {{app_role}};
grant select, insert, update on redemption_failures to {{app_role}};
