-- One partition of settlements per month of request ids. The primary key holds over all of them, so a request is settled once for ever.
alter table settlements rename to settlements_whole;
alter table settlements_whole rename constraint settlements_pkey to settlements_whole_pkey;

create table settlements (like settlements_whole including all excluding indexes) partition by range (request_id);
alter table settlements add primary key (request_id);
create table settlements_default partition of settlements default;
select keep_monthly_partitions('settlements', 3, coalesce((select min(settled_at) from settlements_whole), now()));

insert into settlements select * from settlements_whole;
drop table settlements_whole;

-- An account's calls, newest first; and a range of time, at next to no cost for inserts that come in the order of time.
create index settlements_by_account on settlements (account_id, request_id);
create index settlements_by_time on settlements using brin (settled_at) with (autosummarize = on);

grant select, insert on settlements to {{app_role}};
