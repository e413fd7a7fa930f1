-- The share of the price, in parts per million, that a call over the customer's own provider key is charged. Pinned with the hold, because only then it
-- is known that no later setting can touch the request; a hold of an earlier release pins the default.
alter table holds add column own_key_fee_ppm int not null default 100000 check (own_key_fee_ppm between 0 and 1000000);

-- The share that was applied; null for a call over a channel of ours.
alter table settlements add column own_key_fee_ppm int check (own_key_fee_ppm between 0 and 1000000);
