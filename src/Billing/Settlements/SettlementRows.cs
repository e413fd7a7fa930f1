using Aigc2d.Billing.Holds;
using Aigc2d.Billing.Ledger;
using Aigc2d.Billing.Prices;
using Aigc2d.Contracts.Providers;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.Billing.Settlements;

internal static class SettlementRows
{
    public static void Add(NpgsqlBatch batch, IReadOnlyList<(UsageRecorded Usage, Quantities Used, HoldRow? Hold, Charge Charge)> rows) =>
        batch.BatchCommands.Add(new(Insert)
        {
            Parameters =
            {
                rows.Select(r => r.Usage.RequestId).ToParameter(NpgsqlDbType.Uuid),
                rows.Select(r => r.Usage.AccountId).ToParameter(NpgsqlDbType.Uuid),
                rows.Select(r => r.Usage.KeyId).ToParameter(NpgsqlDbType.Uuid),
                rows.Select(r => r.Usage.Model).ToParameter(NpgsqlDbType.Text),
                rows.Select(r => r.Usage.Provider).ToParameter(NpgsqlDbType.Text),
                rows.Select(r => r.Usage.ChannelId).ToParameter(NpgsqlDbType.Uuid),
                rows.Select(r => EndCauses.NameOf(r.Usage.EndCause)).ToParameter(NpgsqlDbType.Text),
                rows.Select(r => r.Usage.Estimated).ToParameter(NpgsqlDbType.Boolean),
                rows.Select(r => r.Used.InputTokens).ToParameter(NpgsqlDbType.Integer),
                rows.Select(r => r.Used.OutputTokens).ToParameter(NpgsqlDbType.Integer),
                rows.Select(r => r.Used.CachedInputTokens).ToParameter(NpgsqlDbType.Integer),
                rows.Select(r => r.Hold?.PriceVersion).ToParameter(NpgsqlDbType.Bigint),
                rows.Select(r => r.Hold?.MultiplierPpm ?? 0).ToParameter(NpgsqlDbType.Integer),
                rows.Select(r => r.Charge.Rule).ToParameter(NpgsqlDbType.Text),
                rows.Select(r => r.Charge.PriceMicropoints).ToParameter(NpgsqlDbType.Bigint),
                rows.Select(r => r.Charge.ChargedMicropoints).ToParameter(NpgsqlDbType.Bigint),
                rows.Select(r => r.Used.ToColumn()).ToParameter(NpgsqlDbType.Jsonb),
                rows.Select(r => r.Usage.OwnKey ? r.Hold?.OwnKeyFeePpm ?? 0 : (int?)null).ToParameter(NpgsqlDbType.Integer),
            },
        });

    private const string Insert = """
        insert into settlements (request_id, account_id, key_id, model, provider, channel_id, end_cause, estimated, input_tokens, output_tokens,
            cached_input_tokens, price_version, multiplier_ppm, rule, price_micropoints, charged_micropoints, quantities, own_key_fee_ppm)
        select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
        """;
}
