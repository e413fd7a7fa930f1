-- Tokens of the prompt that a provider wrote to its cache, which some price apart; like the other parts they share the prompt with them.
alter table usage_records
    add column cache_write_tokens int not null default 0 check (cache_write_tokens >= 0),
    drop constraint usage_records_details_are_parts,
    add constraint usage_records_details_are_parts check (
        cached_input_tokens + cache_write_tokens + audio_input_tokens <= input_tokens and reasoning_tokens + audio_output_tokens <= output_tokens);
