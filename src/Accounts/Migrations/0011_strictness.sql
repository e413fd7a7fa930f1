-- How strictly the texts of a plan's accounts are screened; Moderation knows what that means.
alter table plans add column strictness text not null default 'standard' check (strictness in ('standard', 'strict', 'relaxed'));
