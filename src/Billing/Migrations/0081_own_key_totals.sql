-- A provider bills its own customer for calls over an own key: they are in no total that is compared with the bills we get. Else as before.
create or replace function total_settlements() returns trigger language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    insert into usage_days as d (account_id, day, model, charges, free_endings, input_tokens, output_tokens, cached_input_tokens, charged_micropoints)
    select account_id, (settled_at at time zone 'utc')::date, model,
        count(*) filter (where charged_micropoints > 0), count(*) filter (where charged_micropoints = 0),
        coalesce(sum(input_tokens) filter (where charged_micropoints > 0), 0), coalesce(sum(output_tokens) filter (where charged_micropoints > 0), 0),
        coalesce(sum(cached_input_tokens) filter (where charged_micropoints > 0), 0), sum(charged_micropoints)
    from settled group by 1, 2, 3 order by 1, 2, 3
    on conflict (account_id, day, model) do update set
        charges = d.charges + excluded.charges,
        free_endings = d.free_endings + excluded.free_endings,
        input_tokens = d.input_tokens + excluded.input_tokens,
        output_tokens = d.output_tokens + excluded.output_tokens,
        cached_input_tokens = d.cached_input_tokens + excluded.cached_input_tokens,
        charged_micropoints = d.charged_micropoints + excluded.charged_micropoints;

    insert into channel_days as d (channel_id, day, requests, charges, input_tokens, output_tokens, cached_input_tokens, priced_micropoints, charged_micropoints)
    select channel_id, day_of(request_id), count(*), count(*) filter (where charged_micropoints > 0),
        sum(input_tokens), sum(output_tokens), sum(cached_input_tokens), sum(price_micropoints), sum(charged_micropoints)
    from settled where channel_id is not null and own_key_fee_ppm is null group by 1, 2 order by 1, 2
    on conflict (channel_id, day) do update set
        requests = d.requests + excluded.requests,
        charges = d.charges + excluded.charges,
        input_tokens = d.input_tokens + excluded.input_tokens,
        output_tokens = d.output_tokens + excluded.output_tokens,
        cached_input_tokens = d.cached_input_tokens + excluded.cached_input_tokens,
        priced_micropoints = d.priced_micropoints + excluded.priced_micropoints,
        charged_micropoints = d.charged_micropoints + excluded.charged_micropoints;
    return null;
end
$$;
