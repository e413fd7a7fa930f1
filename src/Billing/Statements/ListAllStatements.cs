using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Aigc2d.Billing.Statements;

/// <summary>The statements of all accounts for a month, for finance, in the order of the accounts.</summary>
internal static class ListAllStatements
{
    private const int MaxLimit = 1000;

    public static void MapListAllStatements(this IEndpointRouteBuilder routes) => routes.MapGet("/finance/statements", Handle);

    private static async Task<IResult> Handle(NpgsqlDataSource db, CancellationToken ct, string? month = null, string? after = null, int limit = 100)
    {
        if (!Month.TryParse(month, out var asked)) return GetStatement.Malformed("month");
        if (limit is < 1 or > MaxLimit) return Problems.Invalid("limit", $"must be between 1 and {MaxLimit}.");
        var last = Guid.Empty;
        if (after is not null && !Guid.TryParse(after, out last)) return Problems.Invalid("after", "must be the 'next' of an earlier answer.");

        var (current, closedAt) = await StatementRows.ClockAsync(db, asked, ct);
        if (asked.First > current.First) return Problems.NotFound($"{asked} has not begun; the newest statements are those of {current}.");
        if (closedAt is null) return await RunningAsync(db, asked, last, limit, ct);

        var statements = await StatementRows.ClosedInAsync(db, asked, last, limit + 1, ct);
        return Page([.. statements.Take(limit)], statements.Count > limit ? statements[limit - 1].AccountId : null);
    }

    /// <summary>A month that is not closed is summed for a page of accounts; those without points and movements are left out, so a page may be short.</summary>
    private static async Task<IResult> RunningAsync(NpgsqlDataSource db, Month month, Guid after, int limit, CancellationToken ct)
    {
        var accounts = new List<Guid>();
        await using var command = db.CreateCommand(Accounts);
        command.Parameters.Add(new() { Value = month.NextFirst });
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = limit + 1 });
        await using (var reader = await command.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct)) accounts.Add(reader.GetGuid(0));
        }

        var statements = await StatementRows.SumAsync(db, [.. accounts.Take(limit)], month, ct);
        return Page([.. statements.Where(statement => !statement.IsEmpty)], accounts.Count > limit ? accounts[limit - 1] : null);
    }

    private static Ok<StatementList> Page(Statement[] items, Guid? next) => TypedResults.Ok(new StatementList(items, next));

    private const string Accounts = """
        select a.id from ledger_accounts a
        where a.kind = 'customer' and a.id > $2 and exists (select from movement_days d where d.account_id = a.id and d.day < $1)
        order by a.id limit $3
        """;
}

internal sealed record StatementList(Statement[] Items, Guid? Next);
