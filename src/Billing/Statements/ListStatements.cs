using Aigc2d.Contracts;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace Aigc2d.Billing.Statements;

/// <summary>The months of the caller's account, newest first, the running one on top.</summary>
internal static class ListStatements
{
    private const int MaxLimit = 120;

    public static void MapListStatements(this IEndpointRouteBuilder routes) => routes.MapGet("/api/statements", Handle);

    private static async Task<IResult> Handle([FromHeader(Name = CallHeaders.AccountId)] Guid accountId, NpgsqlDataSource db, CancellationToken ct, int limit = 24, string? after = null)
    {
        if (limit is < 1 or > MaxLimit) return Problems.Invalid("limit", $"must be between 1 and {MaxLimit}.");
        Month? before = null;
        if (after is not null)
        {
            if (!Month.TryParse(after, out var cursor)) return GetStatement.Malformed("after");
            before = cursor;
        }

        var statements = await UnclosedAsync(db, accountId, before, ct);
        statements.AddRange(await StatementRows.ClosedOfAsync(db, accountId, before ?? new Month(DateOnly.MaxValue), limit + 1, ct));
        var page = statements.DistinctBy(statement => statement.Month).Take(limit).ToList();
        return TypedResults.Ok(new
        {
            items = page.Select(s => new { s.Month, s.Closed, s.ClosedAt, s.OpeningBalanceMicropoints, s.ClosingBalanceMicropoints }),
            next = statements.Count > limit ? page[^1].Month : null,
        });
    }

    /// <summary>The running month, and the one before while it waits for its close.</summary>
    private static async Task<List<Statement>> UnclosedAsync(NpgsqlDataSource db, Guid accountId, Month? before, CancellationToken ct)
    {
        var (current, _) = await StatementRows.ClockAsync(db, default, ct);
        var statements = new List<Statement>();
        foreach (var month in new[] { current, new Month(current.First.AddMonths(-1)) })
        {
            if (before is { } cursor && month.First >= cursor.First) continue;

            var (statement, _) = await StatementRows.ReadAsync(db, accountId, month, ct);
            if (statement is { Closed: false } && (month == current || !statement.IsEmpty)) statements.Add(statement);
        }

        return statements;
    }
}
