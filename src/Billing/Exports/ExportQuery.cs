namespace Aigc2d.Billing.Exports;

/// <summary>What can be exported: the names of the columns are those of the file. $1 is included, $2 excluded.</summary>
internal static class ExportQuery
{
    public static string? Of(string kind) => kind switch
    {
        "entries" => Entries,
        "charges" => Charges,
        "events" => Events,
        _ => null,
    };

    // In the order in which they were posted, so that an account's balances follow from row to row.
    private const string Entries = """
        select e.seq, t.posted_at as "postedAt", t.id as "transactionId", e.account_id as "accountId", t.rule, t.business_id as "businessId", t.actor, t.reason,
            t.price_version as "priceVersion", e.amount_micropoints as "amountMicropoints", e.balance_after_micropoints as "balanceMicropoints"
        from ledger_transactions t
        join ledger_entries e on e.transaction_id = t.id
        join ledger_accounts a on a.id = e.account_id and a.kind = 'customer'
        where t.posted_at >= $1 and t.posted_at < $2
        order by e.seq
        """;

    private const string Charges = """
        select request_id as "requestId", settled_at as "settledAt", account_id as "accountId", key_id as "keyId", model, provider, channel_id as "channelId",
            end_cause as "endCause", estimated, input_tokens as "inputTokens", output_tokens as "outputTokens", cached_input_tokens as "cachedInputTokens", quantities,
            price_version as "priceVersion", multiplier_ppm as "multiplierPpm", rule, price_micropoints as "priceMicropoints", charged_micropoints as "chargedMicropoints",
            own_key_fee_ppm as "ownKeyFeePpm"
        from settlements
        where settled_at >= $1 and settled_at < $2
        order by settled_at, request_id
        """;

    private const string Events = """
        select p.position, e.id, e.type, e.account_id as "accountId", e.account_sequence as "accountSequence", e.occurred_at as "time",
            (e.data ->> 'amountMicropoints')::bigint as "amountMicropoints", (e.data ->> 'balanceMicropoints')::bigint as "balanceMicropoints", e.data
        from billing_events e join billing_event_positions p using (seq)
        where e.occurred_at >= $1 and e.occurred_at < $2
        order by p.position
        """;
}
