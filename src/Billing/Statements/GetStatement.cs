using Aigc2d.Billing.Exports;
using Aigc2d.Contracts;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace Aigc2d.Billing.Statements;

/// <summary>A month of the caller's account, as JSON, CSV or a page to print. The running month is shown as it stands.</summary>
internal static class GetStatement
{
    public static void MapGetStatement(this IEndpointRouteBuilder routes) => routes.MapGet("/api/statements/{month}", Handle);

    private static async Task<IResult> Handle(
        string month, [FromHeader(Name = CallHeaders.AccountId)] Guid accountId, HttpRequest request, NpgsqlDataSource db, CancellationToken ct, string? format = null)
    {
        if (!Month.TryParse(month, out var asked)) return Malformed("month");
        if (FormatOf(format, request.Headers.Accept.ToString()) is not { } wanted) return Problems.Invalid("format", "must be json, csv or html.");

        var (statement, current) = await StatementRows.ReadAsync(db, accountId, asked, ct);
        if (statement is null) return Problems.NotFound($"{asked} has not begun; the newest statement is that of {current}.");

        return wanted switch
        {
            "csv" => new CsvResult($"statement-{asked}.csv", csv => StatementCsv.Write(csv, statement)),
            "html" => TypedResults.Content(StatementPage.Of(statement), "text/html; charset=utf-8"),
            _ => TypedResults.Ok(statement),
        };
    }

    public static IResult Malformed(string field) => Problems.Invalid(field, "must be a month in UTC as yyyy-MM, for example 2026-11.");

    /// <summary>The query decides, then the header; null when the query asks for what there is not.</summary>
    private static string? FormatOf(string? query, string accept) => query switch
    {
        "json" or "csv" or "html" => query,
        null when accept.Contains("text/csv", StringComparison.OrdinalIgnoreCase) => "csv",
        null when accept.Contains("text/html", StringComparison.OrdinalIgnoreCase) => "html",
        null => "json",
        _ => null,
    };
}
