using System.Text.Json;
using Aigc2d.Billing.Ledger;
using Aigc2d.Contracts;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace Aigc2d.Billing.Reconciliations;

/// <summary>Imports the figures of providers' invoices, as JSON or CSV. Sent again they change nothing; corrected they replace what they correct.</summary>
internal static class PutProviderUsage
{
    private const int MaxRows = 10_000;

    public static void MapPutProviderUsage(this IEndpointRouteBuilder routes) => routes.MapPut("/finance/provider-usage", Handle);

    private static async Task<IResult> Handle(
        HttpRequest request, [FromHeader(Name = CallHeaders.Actor)] string actor, IOptions<JsonOptions> json, NpgsqlDataSource db, CancellationToken ct)
    {
        var faults = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var isCsv = request.ContentType?.StartsWith("text/csv", StringComparison.OrdinalIgnoreCase) == true;
        var rows = isCsv ? await ReadCsvAsync(request, faults, ct) : await ReadJsonAsync(request, json.Value.SerializerOptions, ct);
        if (rows is null) return Problems.Invalid("body", $"must begin with the line {string.Join(',', ProviderUsageRow.Columns)}.");

        foreach (var (field, message) in rows.SelectMany((row, index) => row.Faults(index))) faults.TryAdd(field, [message]);
        if (faults.Count > 0) return Problems.Invalid(faults);
        if (rows.Length is 0 or > MaxRows) return Problems.Invalid("body", "must have 1 to 10,000 rows.");

        var twice = rows.GroupBy(row => (row.ChannelId, row.Day)).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null) return Problems.Invalid("body", $"has channel {twice.Key.ChannelId} on {twice.Key.Day:yyyy-MM-dd} more than once; send one row per channel and day.");
        return TypedResults.Ok(new { rows = rows.Length, changed = await InsertAsync(rows, actor, db, ct) });
    }

    private static async Task<ProviderUsageRow[]> ReadJsonAsync(HttpRequest request, JsonSerializerOptions options, CancellationToken ct)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<ProviderUsageRow[]>(request.Body, options, ct) ?? [];
        }
        catch (JsonException exception)
        {
            throw new BadHttpRequestException("The body is not valid JSON.", StatusCodes.Status400BadRequest, exception);
        }
    }

    private static async Task<ProviderUsageRow[]?> ReadCsvAsync(HttpRequest request, Dictionary<string, string[]> faults, CancellationToken ct)
    {
        using var reader = new StreamReader(request.Body);
        var rows = CsvReader.Read(await reader.ReadToEndAsync(ct));
        return rows.Count > 0 && rows[0].SequenceEqual(ProviderUsageRow.Columns)
            ? [.. rows.Skip(1).Select((cells, index) => ProviderUsageRow.Of(cells, index, faults)).OfType<ProviderUsageRow>()]
            : null;
    }

    private static async Task<int> InsertAsync(ProviderUsageRow[] rows, string actor, NpgsqlDataSource db, CancellationToken ct)
    {
        await using var command = db.CreateCommand(Insert);
        command.Parameters.Add(rows.Select(r => r.ChannelId).ToParameter(NpgsqlDbType.Uuid));
        command.Parameters.Add(rows.Select(r => r.Day).ToParameter(NpgsqlDbType.Date));
        command.Parameters.Add(rows.Select(r => r.InputTokens).ToParameter(NpgsqlDbType.Bigint));
        command.Parameters.Add(rows.Select(r => r.OutputTokens).ToParameter(NpgsqlDbType.Bigint));
        command.Parameters.Add(rows.Select(r => r.Source).ToParameter(NpgsqlDbType.Text));
        command.Parameters.Add(new() { Value = actor });
        return await command.ExecuteNonQueryAsync(ct);
    }

    private const string Insert = """
        insert into provider_usage (channel_id, day, input_tokens, output_tokens, source, actor)
        select n.channel_id, n.day, n.input, n.output, n.source, $6 from unnest($1, $2, $3, $4, $5) as n(channel_id, day, input, output, source)
        left join lateral (
            select input_tokens, output_tokens, source from provider_usage p where p.channel_id = n.channel_id and p.day = n.day order by id desc limit 1) known on true
        where (known.input_tokens, known.output_tokens, known.source) is distinct from (n.input, n.output, n.source)
        """;
}
