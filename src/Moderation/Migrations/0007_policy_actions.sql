-- The most that comes of a category, whoever finds it: a rule, the classifier or a provider.
alter table policies
    add column action text not null default 'block' check (action in ('block', 'review', 'allow')),
    add constraint gravest_are_never_let_go check (category not in ('child_safety', 'trafficking', 'terrorism', 'malware') or action = 'block');
