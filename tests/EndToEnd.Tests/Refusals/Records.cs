using Npgsql;

namespace Aigc2d.EndToEnd.Tests.Refusals;

/// <summary>What Moderation has written down, read where it keeps it.</summary>
internal static class Records
{
    /// <summary>The verdicts on a request, each as <c>stage action category severity</c>, with <c>strike</c> where it may count.</summary>
    public static Task<string> VerdictsOfAsync(this Suite suite, string requestId) => ReadAsync(suite, Verdicts, Guid.Parse(requestId));

    /// <summary>The strikes of an account, each as <c>category severity</c>, oldest first.</summary>
    public static Task<string> StrikesOfAsync(this Suite suite, string account) => ReadAsync(suite, Strikes, Guid.Parse(account));

    private static async Task<string> ReadAsync(Suite suite, string sql, Guid id)
    {
        await using var db = NpgsqlDataSource.Create(suite.DatabaseOf("moderationdb"));
        await using var command = db.CreateCommand(sql);
        command.Parameters.Add(new() { Value = id });
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private const string Verdicts = """
        select coalesce(string_agg(concat_ws(' ', stage, action, category, severity, case when strike then 'strike' end), ', ' order by decided_at), '')
        from verdicts where request_id = $1
        """;

    private const string Strikes = "select coalesce(string_agg(category || ' ' || severity, ', ' order by occurred_at), '') from violations where account_id = $1";
}
