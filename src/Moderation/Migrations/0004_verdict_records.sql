-- Of a decision: what was done, how sure the engine was, by which model and policies, in which language. Reviews are recorded as well as blocks, and a
-- review of one window of an answer does not hide the block of a later one.
alter table verdicts
    add column action text not null default 'block' check (action in ('block', 'review')),
    add column scores real[],
    add column unsafe real,
    add column model_version text,
    add column policy_version bigint not null default 0,
    add column language text,
    add column strictness text not null default 'standard' check (strictness in ('standard', 'strict', 'relaxed')),
    add column end_user_hash text,
    drop constraint verdicts_pkey,
    add primary key (request_id, stage, action);
alter table verdicts alter column action drop default, alter column policy_version drop default, alter column strictness drop default;

create index verdicts_by_time on verdicts (decided_at);

alter table violations add column end_user_hash text;
create index violations_by_text on violations (account_id, content_hash, occurred_at);

-- The same text of the same account is one strike in ten minutes, whoever writes it: racing writers wait for one another.
create function one_strike_per_text() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock(hashtextextended(new.account_id::text || new.content_hash, 7032));
    if exists (
        select 1 from violations
        where account_id = new.account_id and content_hash = new.content_hash
            and occurred_at > new.occurred_at - interval '10 minutes' and occurred_at < new.occurred_at + interval '10 minutes')
    then
        return null;
    end if;
    return new;
end
$$;

create trigger one_strike_per_text before insert on violations for each row execute function one_strike_per_text();
