using Aigc2d.Billing.Ledger;

namespace Aigc2d.Billing.Audit;

/// <summary>The invariants of prices and tasks.</summary>
internal static class PriceChecks
{
    public static readonly IReadOnlyList<(string Invariant, string Sql)> All =
    [
        // What was held and what was used cost what the pinned row says, whatever they were counted in.
        // Over a customer's own key it is the pinned share of that. Plain tokens, which are nearly all rows, are counted in place: the function takes a hundred times as long.
        ("B9", $"""
            select s.request_id from settlements s join holds h using (request_id) join prices p on p.version = h.price_version and p.model = h.model
            where s.rule in ('plain', 'shortfall', 'late') and (s.price_version is distinct from h.price_version or s.multiplier_ppm <> h.multiplier_ppm
                or s.own_key_fee_ppm <> h.own_key_fee_ppm
                or s.price_micropoints <> greatest(10000, ceil(coalesce(s.own_key_fee_ppm, 1000000) * 0.000001 * case when s.quantities is null
                    then greatest(10000, least({Micropoints.Max}, ceil(s.multiplier_ppm * 0.000000001 * (
                        coalesce(p.input_micropoints_per_1k, 0)::numeric * (s.input_tokens - least(s.cached_input_tokens, s.input_tokens))
                        + coalesce(p.cached_input_micropoints_per_1k, p.input_micropoints_per_1k, 0)::numeric * least(s.cached_input_tokens, s.input_tokens)
                        + coalesce(p.output_micropoints_per_1k, 0)::numeric * s.output_tokens))))
                    else price_micropoints(p, s.input_tokens, s.output_tokens, s.cached_input_tokens, s.quantities, s.multiplier_ppm)
                end)))
            union all
            select h.request_id from holds h join prices p on p.version = h.price_version and p.model = h.model
            where h.granted_micropoints <> case when h.quantities is null
                then greatest(10000, least({Micropoints.Max}, ceil(h.multiplier_ppm * 0.000000001 * (
                    coalesce(p.input_micropoints_per_1k, 0)::numeric * h.input_tokens + coalesce(p.output_micropoints_per_1k, 0)::numeric * h.held_output_tokens))))
                else price_micropoints(p, h.input_tokens, h.held_output_tokens, 0, h.quantities, h.multiplier_ppm)
            end
            """),

        // A task that succeeded costs what was held for it; its hold is given back if and only if it failed.
        ("B14", """
            select h.request_id from holds h join settlements s on s.request_id = h.request_id and s.account_id = h.account_id
            where h.quantities ?| '{taskAction,diffusion}' and case
                when s.end_cause in ('provider_error', 'provider_timeout', 'provider_cut', 'platform_crash', 'drain_cut') then h.state = 'settled' or s.charged_micropoints <> 0
                when s.rule = 'free' then h.state = 'settled'
                else s.price_micropoints <> h.granted_micropoints or (h.state = 'settled' and s.charged_micropoints <> h.granted_micropoints)
            end
            """),
    ];
}
