using Aigc2d.Contracts.Providers;
using MassTransit;
using Npgsql;

namespace Aigc2d.Billing.Reconciliations;

/// <summary>Keeps what ProviderAdapters says it has recorded per channel and day; the highest revision counts, in whatever order they come.</summary>
internal sealed class KeepOnUsageTotalled(NpgsqlDataSource db) : IConsumer<UsageTotalled>
{
    public const string Queue = "billing.usage-totalled";

    public Task Consume(ConsumeContext<UsageTotalled> context) => KeepAsync(context.Message, context.CancellationToken);

    public async Task KeepAsync(UsageTotalled total, CancellationToken ct)
    {
        await using var command = db.CreateCommand(Keep);
        command.Parameters.Add(new() { Value = total.ChannelId });
        command.Parameters.Add(new() { Value = total.Day });
        command.Parameters.Add(new() { Value = total.Revision });
        command.Parameters.Add(new() { Value = total.Requests });
        command.Parameters.Add(new() { Value = total.InputTokens });
        command.Parameters.Add(new() { Value = total.OutputTokens });
        command.Parameters.Add(new() { Value = total.CachedInputTokens });
        await command.ExecuteNonQueryAsync(ct);
    }

    private const string Keep = """
        insert into usage_totals as t (channel_id, day, revision, requests, input_tokens, output_tokens, cached_input_tokens) values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (channel_id, day) do update set
            revision = excluded.revision, requests = excluded.requests, input_tokens = excluded.input_tokens, output_tokens = excluded.output_tokens,
            cached_input_tokens = excluded.cached_input_tokens
        where t.revision < excluded.revision
        """;
}
