using System.Net;
using System.Text.Json;
using Aigc2d.Contracts.Providers;
using static Aigc2d.Billing.Tests.BillingFixture;
using static Aigc2d.Billing.Tests.Statements.PastMonths;

namespace Aigc2d.Billing.Tests.Statements;

public sealed class StatementTests(BillingFixture billing)
{
    [Fact]
    public async Task A_month_closes_once_and_goes_on_where_the_last_one_ended()
    {
        await using var past = await PastMonths.StartAsync(billing);
        var account = await past.CustomerAsync(10 * Point, StartOf(2));
        var idle = await past.CustomerAsync(3 * Point, StartOf(2).AddDays(3));
        var lastSecond = StartOf(1).AddSeconds(-1);
        await past.CallAsync(account, lastSecond);
        await past.CallAsync(account, lastSecond, EndCause.ProviderError);
        await past.CallAsync(account, StartOf(1));
        await past.AdjustAsync(account, -1 * Point, StartOf(1).AddDays(2));
        await past.AdjustAsync(account, 2 * Point, StartOf(1).AddDays(2));
        await past.CallAsync(account, StartOf(0));

        Assert.Equal(4, await past.Closing.CloseDueAsync(CancellationToken.None));
        Assert.Equal(0, await past.Closing.CloseDueAsync(CancellationToken.None));

        var months = await Task.WhenAll(Enumerable.Range(0, 3).Reverse().Select(ago => past.GetAsync($"/api/statements/{NameOf(ago)}", account)));
        Assert.Equal(
            ["True 0 9862000", "True 9862000 10724000", "False 10724000 10586000"],
            months.Select(m => $"{m.GetProperty("closed")} {m.GetProperty("openingBalanceMicropoints")} {m.GetProperty("closingBalanceMicropoints")}"));
        Assert.Equal(await past.BalanceOfAsync(account), months[2].GetProperty("closingBalanceMicropoints").GetInt64());
        Assert.Equal(
            """[{"rule":"adjustment","group":"adjustments","credits":1,"creditMicropoints":2000000,"debits":1,"debitMicropoints":-1000000,"amountMicropoints":1000000},"""
            + """{"rule":"charge","group":"charges","credits":0,"creditMicropoints":0,"debits":1,"debitMicropoints":-138000,"amountMicropoints":-138000}]""",
            months[1].GetProperty("movements").GetRawText());
        Assert.Equal(
            """[{"model":"gpt-3.5-turbo","charges":1,"freeEndings":1,"inputTokens":11,"outputTokens":9,"cachedInputTokens":0,"amountMicropoints":-138000}]""",
            months[0].GetProperty("charges").GetRawText());
        Assert.Equal(3 * Point, (await past.GetAsync($"/api/statements/{NameOf(1)}", idle)).GetProperty("openingBalanceMicropoints").GetInt64());
    }

    [Fact]
    public async Task A_month_is_left_open_for_an_hour_after_its_end()
    {
        await using var past = await PastMonths.StartAsync(billing);
        var account = await past.CustomerAsync(Point, StartOf(1));

        Assert.Equal(0, await past.ClosingAt(StartOf(0).AddMinutes(50)).CloseDueAsync(CancellationToken.None));
        Assert.False((await past.GetAsync($"/api/statements/{NameOf(1)}", account)).GetProperty("closed").GetBoolean());
        Assert.Equal(1, await past.ClosingAt(StartOf(0).AddMinutes(61)).CloseDueAsync(CancellationToken.None));
        Assert.True((await past.GetAsync($"/api/statements/{NameOf(1)}", account)).GetProperty("closed").GetBoolean());
    }

    [Fact]
    public async Task Two_processes_that_close_at_once_make_one_statement_and_one_announcement_per_account()
    {
        await using var past = await PastMonths.StartAsync(billing);
        var accounts = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => past.CustomerAsync(Point, StartOf(1))));

        var closed = await Task.WhenAll(past.Closing.CloseDueAsync(CancellationToken.None), past.Closing.CloseDueAsync(CancellationToken.None));

        Assert.Equal(12, closed.Sum());
        Assert.Equal(12, await past.ScalarAsync<long>("select count(*) from statements"));
        Assert.Equal(
            $$"""{"month": "{{NameOf(1)}}", "charges": [], "accountId": "{{accounts[0]}}", "movements": [{"rule": "adjustment", "group": "adjustments", "debits": 0, "credits": 1, "debitMicropoints": 0, "amountMicropoints": 1000000, "creditMicropoints": 1000000}], "accountSequence": 2, "amountMicropoints": 0, "balanceMicropoints": 1000000, "closingBalanceMicropoints": 1000000, "openingBalanceMicropoints": 0}""",
            await past.ScalarAsync<string>("select string_agg(data::text, ' ') from billing_events where account_id = $1 and type = 'billing.statement.closed.v1'", accounts[0]));
    }

    [Fact]
    public async Task The_list_has_the_running_month_on_top_and_pages_by_month()
    {
        await using var past = await PastMonths.StartAsync(billing);
        var account = await past.CustomerAsync(10 * Point, StartOf(2));
        await past.Closing.CloseDueAsync(CancellationToken.None);

        var first = await past.GetAsync("/api/statements?limit=2", account);
        var second = await past.GetAsync($"/api/statements?limit=2&after={first.GetProperty("next").GetString()}", account);

        Assert.Equal([NameOf(0), NameOf(1), NameOf(2)], Months(first).Concat(Months(second)));
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);
        Assert.Equal(
            $$"""{"month":"{{NameOf(0)}}","closed":false,"closedAt":null,"openingBalanceMicropoints":10000000,"closingBalanceMicropoints":10000000}""",
            first.GetProperty("items")[0].GetRawText());

        static IEnumerable<string?> Months(JsonElement page) => page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("month").GetString());
    }

    [Fact]
    public async Task Finance_reads_every_account_of_a_closed_and_of_a_running_month_page_by_page()
    {
        await using var past = await PastMonths.StartAsync(billing);
        var accounts = await Task.WhenAll(Enumerable.Range(1, 5).Select(points => past.CustomerAsync(points * Point, StartOf(1))));
        await past.Closing.CloseDueAsync(CancellationToken.None);

        foreach (var (month, closed) in new[] { (NameOf(1), true), (NameOf(0), false) })
        {
            var seen = new List<string>();
            for (string? after = null, query = $"/finance/statements?month={month}&limit=2"; ;)
            {
                var page = await past.GetAsync(after is null ? query : $"{query}&after={after}", accounts[0]);
                seen.AddRange(page.GetProperty("items").EnumerateArray().Select(s => $"{s.GetProperty("accountId")} {s.GetProperty("closed")} {s.GetProperty("closingBalanceMicropoints")}"));
                after = page.GetProperty("next").GetString();
                if (after is null) break;
            }

            Assert.Equal(accounts.Select((account, i) => $"{account} {closed} {(i + 1) * Point}").Order(StringComparer.Ordinal), seen);
        }
    }

    [Theory]
    [InlineData("/api/statements/2026-13", 400, "month")]
    [InlineData("/api/statements/2026-1", 400, "month")]
    [InlineData("/api/statements/202611", 400, "month")]
    [InlineData("/api/statements/2026-11?format=xml", 400, "format")]
    [InlineData("/api/statements?after=x", 400, "after")]
    [InlineData("/api/statements?limit=0", 400, "limit")]
    [InlineData("/finance/statements", 400, "month")]
    [InlineData("/finance/statements?month=2026-11&after=x", 400, "after")]
    [InlineData("/finance/statements?month=2026-11&limit=1001", 400, "limit")]
    [InlineData("/api/statements/9998-01", 404, null)]
    [InlineData("/finance/statements?month=9998-01", 404, null)]
    public async Task What_is_no_month_names_the_field_and_what_has_not_begun_is_not_found(string path, int status, string? field)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.Add(Contracts.CallHeaders.AccountId, Guid.CreateVersion7().ToString());
        using var response = await billing.Client.SendAsync(request);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());

        Assert.Equal((HttpStatusCode)status, response.StatusCode);
        Assert.Equal(field, problem.RootElement.TryGetProperty("errors", out var errors) ? errors.EnumerateObject().Single().Name : null);
    }

    [Fact]
    public async Task The_day_totals_and_statements_are_not_the_services_to_change()
    {
        foreach (var statement in new[]
        {
            "update movement_days set credits = 0", "insert into usage_days select * from usage_days", "delete from channel_days",
            "update statements set closing_balance_micropoints = 0", "delete from closed_months", "delete from settlements_default",
        })
        {
            await using var command = billing.App.CreateCommand(statement);
            Assert.Equal(Npgsql.PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<Npgsql.PostgresException>(() => command.ExecuteNonQueryAsync())).SqlState);
        }
    }
}
