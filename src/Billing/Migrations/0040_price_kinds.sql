-- Rates beside tokens. A row has at least one kind of rate; token rates come with the model's size, and a row without them has neither.
alter table prices
    alter column input_micropoints_per_1k drop not null,
    alter column output_micropoints_per_1k drop not null,
    alter column context_tokens drop not null,
    alter column max_output_tokens drop not null,
    -- The members of the row that have no column, by their JSON names.
    add column rates jsonb check (jsonb_typeof(rates) = 'object' and rates <> '{}'),
    add constraint prices_have_a_rate check (num_nonnulls(input_micropoints_per_1k, rates) > 0),
    add constraint prices_by_token_are_whole check (
        num_nulls(input_micropoints_per_1k, output_micropoints_per_1k, context_tokens, max_output_tokens) in (0, 4)
        and (input_micropoints_per_1k is not null or num_nonnulls(cached_input_micropoints_per_1k, hold_output_tokens) = 0));

-- What was asked or used beside plain tokens, by its JSON names; null for an ordinary chat. With taskAction or diffusion the hold is a task's.
alter table holds add column quantities jsonb check (jsonb_typeof(quantities) = 'object');
alter table settlements add column quantities jsonb check (jsonb_typeof(quantities) = 'object');

-- The price of quantities by a row, as the audit counts it: written apart from the code that charges, so that each checks the other.
-- Rates are per 1,000; what is priced by the piece counts a thousandfold. Only exact operations: numeric division would round.
create function price_micropoints(p prices, input_tokens numeric, output_tokens numeric, cached_tokens numeric, q jsonb, multiplier_ppm numeric)
returns numeric language sql immutable as $$
    select greatest(10000, least(9007199254740991, ceil(multiplier_ppm * 0.000000001 * (
        case when p.input_micropoints_per_1k is null then 0 else
            p.input_micropoints_per_1k * (input_tokens - cached - cache_write - audio_in - image_in)
            + coalesce(p.cached_input_micropoints_per_1k, p.input_micropoints_per_1k) * cached
            + coalesce((p.rates ->> 'cacheWriteMicropointsPer1k')::numeric, p.input_micropoints_per_1k) * cache_write
            + coalesce((p.rates ->> 'audioInputMicropointsPer1k')::numeric, p.input_micropoints_per_1k) * audio_in
            + coalesce((p.rates ->> 'imageInputMicropointsPer1k')::numeric, p.input_micropoints_per_1k) * image_in
            + p.output_micropoints_per_1k * (output_tokens - reasoning - audio_out - image_out)
            + coalesce((p.rates ->> 'reasoningMicropointsPer1k')::numeric, p.output_micropoints_per_1k) * reasoning
            + coalesce((p.rates ->> 'audioOutputMicropointsPer1k')::numeric, p.output_micropoints_per_1k) * audio_out
            + coalesce((p.rates ->> 'imageOutputMicropointsPer1k')::numeric, p.output_micropoints_per_1k) * image_out
        end
        + coalesce((p.rates ->> 'micropointsPerSecond')::numeric * (q ->> 'milliseconds')::numeric, 0)
        + coalesce((p.rates ->> 'micropointsPer1kCharacters')::numeric * (q ->> 'characters')::numeric, 0)
        + coalesce(1000 * (q ->> 'images')::numeric * coalesce(
            p.rates -> 'images' ->> ((q ->> 'imageSize') || '/' || (q ->> 'imageQuality')), p.rates -> 'images' ->> (q ->> 'imageSize'))::numeric, 0)
        + coalesce(1000 * (p.rates -> 'tasks' ->> (q ->> 'taskAction'))::numeric, 0)
        + coalesce(1000 * round_to * div(2 * units * (d ->> 'micropointsPerUnit')::numeric + 1000000 * round_to, 2000000 * round_to), 0)
    ))))
    from (select
            coalesce((q ->> 'cacheWriteTokens')::numeric, 0) as cache_write,
            coalesce((q ->> 'audioInputTokens')::numeric, 0) as audio_in,
            coalesce((q ->> 'imageInputTokens')::numeric, 0) as image_in,
            coalesce((q ->> 'reasoningTokens')::numeric, 0) as reasoning,
            coalesce((q ->> 'audioOutputTokens')::numeric, 0) as audio_out,
            coalesce((q ->> 'imageOutputTokens')::numeric, 0) as image_out,
            least(cached_tokens, input_tokens) as cached,
            p.rates -> 'diffusion' as d,
            (p.rates -> 'diffusion' ->> 'roundToMicropoints')::numeric as round_to,
            -- Megapixels of work times a million.
            ((p.rates -> 'diffusion' ->> 'base')::numeric + (p.rates -> 'diffusion' ->> 'perControlNetUnit')::numeric * (q -> 'diffusion' ->> 'controlNetUnits')::numeric)
                * (q -> 'diffusion' ->> 'width')::numeric * (q -> 'diffusion' ->> 'height')::numeric
                * (q -> 'diffusion' ->> 'steps')::numeric * (q -> 'diffusion' ->> 'images')::numeric as units
        ) as parts
$$;
