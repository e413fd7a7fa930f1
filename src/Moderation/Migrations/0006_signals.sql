-- What providers' own content rules have refused or ended: who asked, which family of providers, which of our categories if it was told. No text, and no
-- strike by itself: a signal for whoever reviews an account.
create table refusals (
    request_id uuid primary key,
    account_id uuid not null,
    source text not null,
    stage text not null check (stage in ('prompt', 'output')),
    category text,
    occurred_at timestamptz not null
);

create index refusals_by_account on refusals (account_id, occurred_at);
create index refusals_by_age on refusals (occurred_at);

grant select, insert on refusals to {{app_role}};

-- Whether the input of embeddings is screened as other prompts are. Dated rows under the versions of all policies; without one it is.
create table embedding_policies (
    version bigint primary key references policy_versions,
    effective_from timestamptz not null,
    screened boolean not null,
    reason text not null check (length(reason) between 1 and 500)
);

grant select, insert on embedding_policies to {{app_role}};
