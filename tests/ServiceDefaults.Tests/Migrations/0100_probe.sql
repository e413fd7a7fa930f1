create table probes (id int primary key);
grant select, insert on probes to {{app_role}};
