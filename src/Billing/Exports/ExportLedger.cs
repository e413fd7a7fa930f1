using System.Data;
using System.Globalization;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.Billing.Exports;

/// <summary>
/// Streams what happened in a range of time, from one snapshot and row by row: as fast as it is read, in constant memory. An export that fails after
/// its start never ends cleanly: the connection breaks, which every HTTP client notices.
/// </summary>
internal static class ExportLedger
{
    private const int FlushBytes = 64 * 1024;

    public static void MapExportLedger(this IEndpointRouteBuilder routes) => routes.MapGet("/finance/export", Handle);

    private static async Task<IResult> Handle(
        HttpContext context, LongReads reads, TimeProvider time, CancellationToken ct, string? from = null, string? to = null, string format = "csv", string kind = "entries")
    {
        if (format is not ("csv" or "jsonl")) return Problems.Invalid("format", "must be csv or jsonl.");
        if (ExportQuery.Of(kind) is not { } query) return Problems.Invalid("kind", "must be entries, charges or events.");
        if (TimeRange.TryRead(from, to, out var range) is { } problem) return problem;

        using var longest = new CancellationTokenSource(LongReads.Longest, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, longest.Token);
        await using var connection = await TryOpenAsync(reads, stop.Token);
        if (connection is null) return new BusyProblem();

        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, stop.Token);
        await using var command = new NpgsqlCommand(query, connection, transaction);
        command.Parameters.Add(new() { Value = range.From?.UtcDateTime ?? DateTime.UnixEpoch, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new() { Value = range.To?.UtcDateTime ?? DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc), NpgsqlDbType = NpgsqlDbType.TimestampTz });
        await StartAsync(context, FileName(kind, range, format), format, stop.Token);
        await CopyAsync(command, context.Response, format, stop.Token);
        return Results.Empty;
    }

    private static async Task CopyAsync(NpgsqlCommand command, HttpResponse response, string format, CancellationToken ct)
    {
        var output = response.BodyWriter;
        using var json = format == "jsonl" ? new JsonLines(output) : null;
        IRowWriter rows = (IRowWriter?)json ?? new CsvRows(output);
        await using var reader = await command.ExecuteReaderAsync(ct);
        try
        {
            rows.Start(reader);
            while (await reader.ReadAsync(ct))
            {
                rows.Row(reader);
                if (output.UnflushedBytes >= FlushBytes) await output.FlushAsync(ct);
            }

            await output.FlushAsync(ct);
        }
        catch
        {
            // Closing a reader reads its rows to the end; nobody wants them any more.
            command.Cancel();
            throw;
        }
    }

    private static async Task StartAsync(HttpContext context, string fileName, string format, CancellationToken ct)
    {
        // Whoever loads the rows elsewhere may pause; the time of an export is limited, its pace is not.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } pace) pace.MinDataRate = null;
        context.Response.ContentType = format == "csv" ? "text/csv; charset=utf-8" : "application/jsonl";
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{fileName}\"";
        await context.Response.StartAsync(ct);
        await context.Response.BodyWriter.FlushAsync(ct);
    }

    private static async Task<NpgsqlConnection?> TryOpenAsync(LongReads reads, CancellationToken ct)
    {
        try
        {
            return await reads.OpenAsync(ct);
        }
        catch (NpgsqlException)
        {
            return null;
        }
    }

    private static string FileName(string kind, TimeRange range, string format)
    {
        return $"aigc2d-{kind}{Part(range.From)}{Part(range.To)}.{format}";

        static string Part(DateTimeOffset? moment) => moment?.UtcDateTime is not { } utc
            ? ""
            : utc.ToString(utc.TimeOfDay == TimeSpan.Zero ? "'-'yyyy-MM-dd" : "'-'yyyy-MM-dd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
    }

    private sealed class BusyProblem : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.RetryAfter = "30";
            return Problems.Of(503, "busy", "Busy", "Other exports are running, or the database does not answer. Try again in half a minute.").ExecuteAsync(httpContext);
        }
    }
}
