-- Parts of the totals that providers tell apart and prices may, too.
alter table usage_records
    add column audio_input_tokens int not null default 0 check (audio_input_tokens >= 0),
    add column reasoning_tokens int not null default 0 check (reasoning_tokens >= 0),
    add column audio_output_tokens int not null default 0 check (audio_output_tokens >= 0),
    add constraint usage_records_details_are_parts check (
        cached_input_tokens + audio_input_tokens <= input_tokens and reasoning_tokens + audio_output_tokens <= output_tokens);
