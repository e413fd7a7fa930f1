using System.Globalization;
using System.Text.Json;
using Aigc2d.Billing.Reconciliations;
using Aigc2d.Contracts.Providers;
using Aigc2d.ServiceDefaults.Postgres;
using Aigc2d.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using static Aigc2d.Billing.Tests.BillingFixture;

namespace Aigc2d.Billing.Tests.Exports;

public sealed class ExportTests(BillingFixture billing)
{
    [Fact]
    public async Task Entries_are_exported_in_the_order_they_were_posted_and_add_up_to_the_balance()
    {
        var from = TimeProvider.System.GetUtcNow().AddSeconds(-1);
        var account = await billing.CustomerAsync(10 * Point);
        var requestId = await CallAsync(account);

        using var answer = await billing.Client.GetAsync(new Uri($"/finance/export?from={from:yyyy-MM-ddTHH:mm:ssZ}", UriKind.Relative));
        var rows = CsvReader.Read(await answer.Content.ReadAsStringAsync());

        Assert.Equal(
            ("text/csv; charset=utf-8", $"attachment; filename=\"aigc2d-entries-{from:yyyy-MM-ddTHHmmssZ}.csv\""),
            (answer.Content.Headers.ContentType?.ToString(), answer.Content.Headers.ContentDisposition?.ToString()));
        Assert.Equal("seq,postedAt,transactionId,accountId,rule,businessId,actor,reason,priceVersion,amountMicropoints,balanceMicropoints", string.Join(',', rows[0]));
        var own = rows.Where(row => row[3] == account.ToString()).ToList();
        Assert.Equal(
            ["adjustment alice opening balance  10000000 10000000", "charge provider-adapters plain 1 -138000 9862000"],
            own.Select(row => $"{row[4]} {row[6]} {row[7]} {row[8]} {row[9]} {row[10]}"));
        Assert.Equal(requestId.ToString(), own[1][5]);
        Assert.Equal(rows.Skip(1).Select(row => long.Parse(row[0], CultureInfo.InvariantCulture)).Order(), rows.Skip(1).Select(row => long.Parse(row[0], CultureInfo.InvariantCulture)));
        Assert.DoesNotContain(rows, row => row[3] == Billing.Ledger.LedgerAccount.Revenue.ToString());
    }

    [Fact]
    public async Task Charges_are_exported_as_json_lines_with_free_endings()
    {
        var from = TimeProvider.System.GetUtcNow().AddSeconds(-1);
        var account = await billing.CustomerAsync(10 * Point);
        var charged = await CallAsync(account);
        var free = await CallAsync(account, EndCause.ProviderError);

        var lines = (await LinesAsync($"?kind=charges&format=jsonl&from={from:yyyy-MM-ddTHH:mm:ssZ}")).Where(line => line.GetProperty("accountId").GetGuid() == account).ToList();

        Assert.Equal([(charged, 138_000, "completed"), (free, 0, "provider_error")], lines.Select(line =>
            (line.GetProperty("requestId").GetGuid(), line.GetProperty("chargedMicropoints").GetInt64(), line.GetProperty("endCause").GetString()!)));
        Assert.Equal((11, 9, false, 1_000_000), (lines[0].GetProperty("inputTokens").GetInt32(), lines[0].GetProperty("outputTokens").GetInt32(), lines[0].GetProperty("estimated").GetBoolean(), lines[0].GetProperty("multiplierPpm").GetInt32()));
    }

    [Fact]
    public async Task Events_are_exported_with_the_data_that_the_feed_carries()
    {
        var from = TimeProvider.System.GetUtcNow().AddSeconds(-1);
        var account = await billing.CustomerAsync(10 * Point);
        await CallAsync(account);
        await Eventually.Equal(2, async () => (await billing.EventsOfAsync(account)).Length);

        var lines = (await LinesAsync($"?kind=events&format=jsonl&from={from:yyyy-MM-ddTHH:mm:ssZ}")).Where(line => line.GetProperty("accountId").GetGuid() == account).ToList();

        var told = (await billing.EventsOfAsync(account)).Select(e => e.GetProperty("data")).ToList();
        Assert.Equal(told.Select(data => data.GetProperty("position").GetInt64()), lines.Select(line => line.GetProperty("position").GetInt64()));
        Assert.Equal(told.Select(data => data.GetProperty("amountMicropoints").GetInt64()), lines.Select(line => line.GetProperty("data").GetProperty("amountMicropoints").GetInt64()));
    }

    [Fact]
    public async Task What_people_write_is_no_formula_in_a_spreadsheet_and_keeps_its_lines_and_quotes()
    {
        var from = TimeProvider.System.GetUtcNow().AddSeconds(-1);
        var account = Guid.CreateVersion7();
        foreach (var reason in new[] { "=HYPERLINK(\"http://x\")", "two\nlines, \"quoted\"" })
        {
            using var request = Admin(HttpMethod.Post, $"/admin/accounts/{account}/points", new { micropoints = Point, reason });
            (await billing.Client.SendAsync(request)).EnsureSuccessStatusCode();
        }

        var rows = CsvReader.Read(await billing.Client.GetStringAsync(new Uri($"/finance/export?from={from:yyyy-MM-ddTHH:mm:ssZ}", UriKind.Relative)));

        Assert.Equal(["'=HYPERLINK(\"http://x\")", "two\nlines, \"quoted\""], rows.Where(row => row[3] == account.ToString()).Select(row => row[7]));
    }

    [Theory]
    [InlineData("?format=xml", "format")]
    [InlineData("?kind=holds", "kind")]
    [InlineData("?from=now", "from")]
    [InlineData("?from=2026-11-02&to=2026-11-02", "to")]
    public async Task What_cannot_be_exported_names_the_field(string query, string field)
    {
        using var answer = await billing.Client.GetAsync(new Uri("/finance/export" + query, UriKind.Relative));
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal((400, field), ((int)answer.StatusCode, problem.RootElement.GetProperty("errors").EnumerateObject().Single().Name));
    }

    [Fact]
    public async Task An_export_ends_its_query_when_its_reader_goes_and_breaks_off_visibly_when_its_query_ends()
    {
        await using var service = await billing.StartOnNewDatabaseAsync(_ => { });
        var owner = service.Services.GetRequiredKeyedService<NpgsqlDataSource>(PostgresExtensions.Maintenance);
        foreach (var sql in ManyEntries) await ExecuteAsync(owner, sql);
        var path = new Uri("/finance/export?format=jsonl", UriKind.Relative);

        using (var left = await service.Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead))
        {
            await (await left.Content.ReadAsStreamAsync()).ReadExactlyAsync(new byte[1000]);
            Assert.Equal(1, await ExecuteAsync(owner, Running));
        }

        await Eventually.Equal(0, () => ExecuteAsync(owner, Running));

        using var broken = await service.Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        var stream = await broken.Content.ReadAsStreamAsync();
        await stream.ReadExactlyAsync(new byte[1000]);
        Assert.Equal(1, await ExecuteAsync(owner, $"select count(pg_terminate_backend(pid))::int {Running[Running.IndexOf("from", StringComparison.Ordinal)..]}"));
        await Assert.ThrowsAnyAsync<IOException>(() => stream.CopyToAsync(Stream.Null));

        using var whole = new StreamReader(await service.Client.GetStreamAsync(path));
        var lines = 0;
        while (await whole.ReadLineAsync() is not null) lines++;
        Assert.Equal(80_000, lines);
    }

    private static readonly string[] ManyEntries =
    [
        "insert into ledger_accounts (id, kind) values ('01930000-0000-7000-8000-000000000001', 'customer')",
        """
        insert into ledger_transactions (id, rule, business_id, account_id, actor, reason)
        select gen_random_uuid(), 'adjustment', n::text, '01930000-0000-7000-8000-000000000001', 'a', repeat('r', 100) from generate_series(1, 80000) n
        """,
        "insert into ledger_entries (transaction_id, account_id, amount_micropoints, balance_after_micropoints) select id, account_id, 1, 0 from ledger_transactions",
    ];

    private const string Running =
        "select count(*)::int from pg_stat_activity where datname = current_database() and query like 'select e.seq, t.posted_at%' and state = 'active'";

    private static async Task<int> ExecuteAsync(NpgsqlDataSource db, string sql)
    {
        await using var command = db.CreateCommand(sql);
        return await command.ExecuteScalarAsync() as int? ?? 0;
    }

    private async Task<Guid> CallAsync(Guid account, EndCause cause = EndCause.Completed)
    {
        var hold = Hold(account);
        await billing.PlaceAsync(hold);
        await billing.Settlement.SubmitAsync(Usage(hold, 11, 9, cause));
        return hold.RequestId;
    }

    private async Task<List<JsonElement>> LinesAsync(string query)
    {
        var text = await billing.Client.GetStringAsync(new Uri("/finance/export" + query, UriKind.Relative));
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }
}
