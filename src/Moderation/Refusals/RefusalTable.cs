using Aigc2d.Contracts.Moderation;
using Aigc2d.Contracts.Providers;
using Npgsql;

namespace Aigc2d.Moderation.Refusals;

/// <summary>Keeps that a provider's content rules have refused a prompt or ended an answer: who asked, which provider, which category. Repeating it changes nothing.</summary>
internal sealed class RefusalTable(NpgsqlDataSource db)
{
    /// <summary>Whether the row is new.</summary>
    public async Task<bool> KeepAsync(CallRefused refused, CancellationToken ct)
    {
        await using var command = db.CreateCommand(Insert);
        command.Parameters.Add(new() { Value = refused.RequestId });
        command.Parameters.Add(new() { Value = refused.AccountId });
        command.Parameters.Add(new() { Value = SourceOf(refused) });
        command.Parameters.Add(new() { Value = refused.Stage == ScreeningStage.Prompt ? "prompt" : "output" });
        command.Parameters.Add(new() { Value = (object?)RefusalCategories.Of(refused.RefusedFor) ?? DBNull.Value });
        command.Parameters.Add(new() { Value = refused.EndedAt.UtcDateTime });
        return await command.ExecuteNonQueryAsync(ct) == 1;
    }

    /// <summary>Where the word comes from: <c>provider.</c> and the family.</summary>
    public static string SourceOf(CallRefused refused) => $"provider.{refused.Provider ?? "unknown"}";

    private const string Insert = """
        insert into refusals (request_id, source, account_id, stage, category, occurred_at) values ($1, $3, $2, $4, $5, $6)
        on conflict (request_id) do nothing
        """;
}
