using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Aigc2d.Billing.Audit;
using Aigc2d.Billing.Reconciliations;
using Aigc2d.Contracts.Providers;
using Aigc2d.TestKit;
using static Aigc2d.Billing.Tests.BillingFixture;

namespace Aigc2d.Billing.Tests.Reconciliations;

public sealed class ReconciliationTests(BillingFixture billing)
{
    private static readonly DateTimeOffset Noon = new(TimeProvider.System.GetUtcNow().UtcDateTime.Date.AddDays(-3).AddHours(12), TimeSpan.Zero);
    private static readonly string Query = $"/finance/reconciliation?from={Noon:yyyy-MM-dd}&to={Noon.AddDays(1):yyyy-MM-dd}";

    [Fact]
    public async Task A_channels_day_shows_each_side_and_their_differences()
    {
        var channel = Guid.CreateVersion7();
        var account = await billing.CustomerAsync(10 * Point);
        await CallAsync(account, channel, Noon, 100, 50);
        await CallAsync(account, channel, Noon.AddHours(1), 101, 51);
        await CallAsync(account, channel, Noon, 7, 0, EndCause.ProviderCut);
        await CallAsync(account, channel, Noon.AddDays(1), 100, 50);

        Assert.Equal(
            """{"ledger":{"charges":2,"chargedMicropoints":2014000},"usage":{"requests":3,"charges":2,"inputTokens":208,"outputTokens":101,"cachedInputTokens":0,"pricedMicropoints":2014000,"chargedMicropoints":2014000,"lostMicropoints":0},"adapters":null,"provider":null,"ledgerMinusUsageMicropoints":0,"usageMinusAdapters":null,"usageMinusProvider":null,"withinOnePercent":null}""",
            await RowAsync(channel));

        Assert.Equal((1, 1), await ImportAsync(Json(channel, 210, 101, "invoice 1")));
        Assert.Equal("""{"requests":null,"inputTokens":-2,"outputTokens":0}true""", await ProviderAsync(channel));
        Assert.Equal((1, 0), await ImportAsync(Json(channel, 210, 101, "invoice 1")));
        Assert.Equal((1, 1), await ImportAsync(Csv(channel, 211, 101, "\"invoice 1, corrected\"")));
        Assert.Equal("""{"requests":null,"inputTokens":-3,"outputTokens":0}false""", await ProviderAsync(channel));
        Assert.Contains($"channel {channel} {Noon:yyyy-MM-dd}", await ViolationsAsync());

        Assert.Equal((1, 1), await ImportAsync(Csv(channel, 208, 101, "invoice 2")));
        Assert.DoesNotContain($"channel {channel} {Noon:yyyy-MM-dd}", await ViolationsAsync());
    }

    [Fact]
    public async Task Of_the_totals_that_come_for_a_day_the_highest_revision_counts_in_any_order()
    {
        var channel = Guid.CreateVersion7();
        var total = new UsageTotalled { ChannelId = channel, Day = DateOnly.FromDateTime(Noon.UtcDateTime), Revision = 2, Requests = 3, InputTokens = 30, OutputTokens = 20, CachedInputTokens = 1 };
        await billing.PublishAsync(total);
        await Eventually.Equal("2", async () => await RevisionAsync(channel));

        var keep = new KeepOnUsageTotalled(billing.App);
        await keep.KeepAsync(total with { Revision = 3, InputTokens = 31 }, CancellationToken.None);
        await keep.KeepAsync(total with { Revision = 1, InputTokens = 10 }, CancellationToken.None);
        await keep.KeepAsync(total with { Revision = 3, InputTokens = 99 }, CancellationToken.None);

        var row = await ItemAsync(channel);
        Assert.Equal(
            """{"requests":3,"inputTokens":31,"outputTokens":20,"cachedInputTokens":1,"revision":3}{"requests":-3,"inputTokens":-31,"outputTokens":-20}""",
            row.GetProperty("adapters").GetRawText() + row.GetProperty("usageMinusAdapters").GetRawText());
    }

    [Fact]
    public async Task What_a_provider_counted_and_we_did_not_is_shown_too()
    {
        var channel = Guid.CreateVersion7();
        await ImportAsync(Json(channel, 5, 0, "invoice 3"));
        Assert.Equal("""{"requests":null,"inputTokens":-5,"outputTokens":0}false""", await ProviderAsync(channel));
        await ImportAsync(Json(channel, 0, 0, "invoice 3, withdrawn"));
        Assert.Equal("""{"requests":null,"inputTokens":0,"outputTokens":0}true""", await ProviderAsync(channel));
    }

    [Theory]
    [InlineData("""[{"channelId":"x"}]""", "[0].channelId")]
    [InlineData("""[{"channelId":"01930000-0000-7000-8000-000000000001","day":"2026-11-31","inputTokens":1,"outputTokens":1,"source":"s"}]""", "[0].day")]
    [InlineData("""[{"channelId":"01930000-0000-7000-8000-000000000001","day":"2026-11-30","inputTokens":-1,"outputTokens":1,"source":"s"}]""", "[0].inputTokens")]
    [InlineData("""[{"channelId":"01930000-0000-7000-8000-000000000001","day":"2026-11-30","inputTokens":1,"outputTokens":1,"source":" "}]""", "[0].source")]
    [InlineData("""[{"channelId":"01930000-0000-7000-8000-000000000001","day":"2026-11-30","inputTokens":1,"outputTokens":1,"source":"s","cost":1}]""", "cost")]
    [InlineData("[]", "body")]
    [InlineData("[", "[0]")]
    [InlineData("channelId,day\r\n", "body")]
    [InlineData("channelId,day,inputTokens,outputTokens,source\r\nx,2026-11-30,1,1,s\r\n", "[0].channelId")]
    [InlineData("channelId,day,inputTokens,outputTokens,source\r\n01930000-0000-7000-8000-000000000001,2026-11-30,1.5,1,s\r\n", "[0].inputTokens")]
    [InlineData("channelId,day,inputTokens,outputTokens,source\r\n01930000-0000-7000-8000-000000000001,2026-11-30,1,1\r\n", "[0]")]
    public async Task A_figure_that_makes_no_sense_is_refused_by_name_and_nothing_is_imported(string body, string field)
    {
        using var content = new StringContent(body, Encoding.UTF8, body.StartsWith('[') ? "application/json" : "text/csv");
        using var answer = await PutAsync(content);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains(field, problem.RootElement.GetProperty("errors").EnumerateObject().Single().Name, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "from")]
    [InlineData("?from=2026-11-01", "to")]
    [InlineData("?from=2026-11-01&to=2026-11-01", "to")]
    [InlineData("?from=2026-01-01&to=2027-01-03", "to")]
    public async Task A_range_is_some_days(string query, string field)
    {
        using var answer = await billing.Client.GetAsync(new Uri("/finance/reconciliation" + query, UriKind.Relative));
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal((400, field), ((int)answer.StatusCode, problem.RootElement.GetProperty("errors").EnumerateObject().Single().Name));
    }

    private async Task CallAsync(Guid account, Guid channel, DateTimeOffset at, int input, int output, EndCause cause = EndCause.Completed)
    {
        var hold = Hold(account, input: 120, requestId: Guid.CreateVersion7(at));
        await billing.PlaceAsync(hold);
        await billing.Settlement.SubmitAsync(Usage(hold, input, output, cause) with { ChannelId = channel });
    }

    private async Task<string> RowAsync(Guid channel)
    {
        var row = await ItemAsync(channel);
        return JsonSerializer.Serialize(row.EnumerateObject().Where(p => p.Name is not ("channelId" or "day")).ToDictionary(p => p.Name, p => p.Value));
    }

    private async Task<string?> RevisionAsync(Guid channel)
    {
        await using var command = billing.Owner.CreateCommand("select max(revision)::text from usage_totals where channel_id = $1");
        command.Parameters.Add(new() { Value = channel });
        return await command.ExecuteScalarAsync() as string;
    }

    private async Task<string> ProviderAsync(Guid channel)
    {
        var row = await ItemAsync(channel);
        return row.GetProperty("usageMinusProvider").GetRawText() + row.GetProperty("withinOnePercent").GetRawText();
    }

    private async Task<JsonElement> ItemAsync(Guid channel) =>
        (await billing.Client.GetFromJsonAsync<JsonElement>(new Uri(Query, UriKind.Relative))).GetProperty("items").EnumerateArray()
            .Single(item => item.GetProperty("channelId").GetGuid() == channel && item.GetProperty("day").GetString() == $"{Noon:yyyy-MM-dd}");

    private static StringContent Json(Guid channel, long input, long output, string source) =>
        new($$"""[{"channelId":"{{channel}}","day":"{{Noon:yyyy-MM-dd}}","inputTokens":{{input}},"outputTokens":{{output}},"source":"{{source}}"}]""", Encoding.UTF8, "application/json");

    private static StringContent Csv(Guid channel, long input, long output, string source) =>
        new($"channelId,day,inputTokens,outputTokens,source\r\n{channel},{Noon:yyyy-MM-dd},{input},{output},{source}\r\n", Encoding.UTF8, "text/csv");

    private async Task<(int Rows, int Changed)> ImportAsync(HttpContent content)
    {
        using var answer = await PutAsync(content);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(answer.IsSuccessStatusCode, body.ToString());
        return (body.GetProperty("rows").GetInt32(), body.GetProperty("changed").GetInt32());
    }

    private async Task<HttpResponseMessage> PutAsync(HttpContent content)
    {
        using var request = Admin(HttpMethod.Put, "/finance/provider-usage", actor: "finance");
        request.Content = content;
        return await billing.Client.SendAsync(request);
    }

    private async Task<List<string>> ViolationsAsync()
    {
        await using var connection = await billing.Owner.OpenConnectionAsync();
        return await RunAudit.ViolationsAsync(connection, AuditChecks.All.Single(check => check.Invariant == "B24").Sql);
    }
}
