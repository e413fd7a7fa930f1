-- What has outlived its time is found by its age. Verdicts behind strikes live as long as those: an appeal needs both.
create index verdicts_by_age on verdicts (decided_at) where not strike;
create index verdicts_of_strikes_by_age on verdicts (decided_at) where strike;
create index violations_by_age on violations (occurred_at);
