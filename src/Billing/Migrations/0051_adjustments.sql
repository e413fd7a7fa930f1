-- Who decided, and what one person could move alone at that time.
alter table adjustments
    -- null: requested before the limit was kept with the request.
    add column limit_micropoints bigint,
    add column refused_by text,
    add column refused_at timestamptz,
    add column refused_reason text,
    add constraint adjustments_above_the_limit_have_two_people
        check (state <> 'posted' or limit_micropoints is null or abs(amount_micropoints) <= limit_micropoints or approved_by is not null);
create index adjustments_pending on adjustments (id) where state = 'pending';
create trigger adjustments_decided_once before update on adjustments
    for each row execute function refuse_other_transitions('pending>posted', 'pending>refused');

-- What was asked for cannot be rewritten, only decided.
revoke update on adjustments from {{app_role}};
grant update (state, approved_by, posted_at, refused_by, refused_at, refused_reason) on adjustments to {{app_role}};
