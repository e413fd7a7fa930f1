-- Where a channel's provider computes, what we may ask of it at most, and what it charges us. All optional: empty means unknown or unlimited.
alter table channels
    add column region text check (region <> ''),
    add column limits jsonb not null default '{}' check (jsonb_typeof(limits) = 'object'),
    add column price_overrides jsonb not null default '{}' check (jsonb_typeof(price_overrides) = 'object');
