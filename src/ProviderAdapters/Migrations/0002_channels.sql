-- Ways to providers. The credential is sealed by the service; the database never sees it in clear.
create table channels (
    id uuid primary key,
    provider text not null,
    name text not null,
    base_url text not null,
    credential bytea not null,
    credential_last4 text not null,
    models jsonb not null check (jsonb_typeof(models) = 'array'),
    priority int not null,
    weight int not null check (weight > 0),
    state text not null check (state in ('active', 'disabled')),
    created_at timestamptz not null default now()
);

-- Every model that any channel ever listed: such a model is down, not unknown, when its last channel goes.
create table listed_models (
    name text primary key,
    listed_at timestamptz not null default now()
);

grant select, insert, update, delete on channels to {{app_role}};
grant select, insert on listed_models to {{app_role}};
