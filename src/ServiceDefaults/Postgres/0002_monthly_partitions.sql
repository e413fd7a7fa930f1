-- Tables whose primary key is a UUIDv7 are partitioned by ranges of it: the id carries the time, so a range of ids is a month, and the key stays
-- unique over all partitions. Ids of no month, and of months without a partition, go to the default partition: an insert never fails.

-- The smallest id of a moment, to the millisecond.
create function first_id_of(moment timestamptz) returns uuid language sql immutable parallel safe as $$
    select (lpad(to_hex(floor(extract(epoch from moment) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;

-- The UTC day that an id carries. Whoever counts calls by it counts them to the same day.
create function day_of(id uuid) returns date language sql immutable parallel safe as $$
    select (to_timestamp((('x' || translate(left(id::text, 13), '-', ''))::bit(48)::bigint / 1000)::float8) at time zone 'utc')::date
$$;

-- Makes the partitions from one month to some months ahead of now, and answers how many were missing. Months are made ahead so that their rows
-- never reach the default partition; rows that did are moved, while nobody can write to it.
create function keep_monthly_partitions(parent text, months_ahead int, since timestamptz default now()) returns int
language plpgsql set lock_timeout = '500ms' as $$
declare
    month timestamp := date_trunc('month', since at time zone 'utc');
    last timestamp := date_trunc('month', now() at time zone 'utc') + make_interval(months => months_ahead);
    name text;
    low uuid;
    high uuid;
    made int := 0;
begin
    while month <= last loop
        name := parent || to_char(month, '_YYYY_MM');
        low := first_id_of(month at time zone 'utc');
        month := month + interval '1 month';
        high := first_id_of(month at time zone 'utc');
        if to_regclass(name) is null then
            execute format('lock table %I in access exclusive mode', parent || '_default');
            execute format('create table %I (like %I including all)', name, parent);
            execute format('with moved as (delete from %I where request_id >= %L and request_id < %L returning *) insert into %I select * from moved',
                parent || '_default', low, high, name);
            execute format('alter table %I attach partition %I for values from (%L) to (%L)', parent, name, low, high);
            made := made + 1;
        end if;
    end loop;
    return made;
end
$$;
revoke all on function keep_monthly_partitions from public;
