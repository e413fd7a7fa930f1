using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using static Aigc2d.Billing.Tests.Prices.PriceDesk;

namespace Aigc2d.Billing.Tests.Prices;

/// <summary>Prices out as CSV and in again.</summary>
public sealed class PriceCsvTests(BillingFixture billing)
{
    private const string Header = "model,inputMicropointsPer1k,outputMicropointsPer1k,contextTokens,maxOutputTokens,images.1024x1024,diffusion.base";

    [Fact]
    public async Task What_was_exported_and_imported_again_is_the_same_price()
    {
        // The comma and the quotes are what RFC 4180 quotes.
        Guid[] ids = [Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7()];
        string[] models = [$"m,\"{ids[0]}\"", $"m {ids[1]}", $"m-{ids[2]}"];
        await billing.PutAsync(models[0], Tokens, Kinds);
        await billing.PutAsync(models[1], "\"micropointsPerSecond\":150000");
        await billing.PutAsync(models[2], "\"inputMicropointsPer1k\":6000000,\"outputMicropointsPer1k\":8000000,\"contextTokens\":4096,\"maxOutputTokens\":2048");
        var before = await RowsAsync(models);
        var export = (await billing.TextAsync("/admin/prices?format=csv")).Split("\r\n");
        var csv = string.Join("\r\n", export.Where((line, i) => i == 0 || Array.Exists(ids, id => line.Contains(id.ToString(), StringComparison.Ordinal))));

        var (status, body) = await billing.TryPutAsync(csv, "text/csv");

        Assert.True(status == 200, body);
        var after = await RowsAsync(models);
        var version = JsonDocument.Parse(body).RootElement.GetProperty("priceVersion").GetInt64();
        for (var i = 0; i < models.Length; i++)
        {
            Assert.Equal(version, after[i]["version"]!.GetValue<long>());
            before[i]["version"] = version;
            Assert.True(JsonNode.DeepEquals(before[i], after[i]), after[i].ToJsonString());
        }
    }

    [Fact]
    public async Task A_row_is_a_line_and_a_kind_a_column()
    {
        var model = await billing.ModelAsync("\"effectiveFrom\":\"2026-01-31T00:00:00Z\"", "\"images\":{\"1024x1024\":40000000,\"1024x1024/hd\":80000000},\"tasks\":{\"imagine\":100000000}");

        var lines = (await billing.TextAsync($"/admin/prices?format=csv&model={model}")).Split("\r\n");

        Assert.Equal(3, lines.Length);
        Assert.Equal(
            "model,effectiveFrom,inputMicropointsPer1k,outputMicropointsPer1k,cachedInputMicropointsPer1k,cacheWriteMicropointsPer1k,audioInputMicropointsPer1k,imageInputMicropointsPer1k,"
            + "reasoningMicropointsPer1k,audioOutputMicropointsPer1k,imageOutputMicropointsPer1k,contextTokens,maxOutputTokens,holdOutputTokens,micropointsPerSecond,micropointsPer1kCharacters,"
            + "images.1024x1024,images.1024x1024/hd,tasks.imagine,version",
            lines[0]);
        Assert.StartsWith($"{model},2026-01-31T00:00:00Z,,,,,,,,,,,,,,,40000000,80000000,100000000,", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_accepts_csv_gets_csv()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/admin/prices?model=none", UriKind.Relative));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/csv"));
        using var answer = await billing.Client.SendAsync(request);
        Assert.Equal(("text/csv; charset=utf-8", "attachment; filename=\"prices.csv\""), (answer.Content.Headers.ContentType!.ToString(), answer.Content.Headers.ContentDisposition!.ToString()));
        Assert.StartsWith("model,effectiveFrom,", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a,6,8,4096,2048,,\r\na,6,8,4096,2048,,", "line 3, column model", "a is also on line 2; send one row per model and request.")]
    [InlineData("a,6,8,4096,2048,,\r\nb,6.5,8,4096,2048,,", "line 3, column inputMicropointsPer1k", "must be a whole number, or empty.")]
    [InlineData("a,6,,4096,2048,,", "line 2, column outputMicropointsPer1k", "is required beside inputMicropointsPer1k.")]
    [InlineData("a,6,8,99999999999,2048,,", "line 2, column contextTokens", "must be a whole number, or empty.")]
    [InlineData("a,,,,,-5,", "line 2, column images.1024x1024", "must be between 0 and 1,000,000,000,000 micropoints per image.")]
    [InlineData("a,,,,,,5", "line 2, column diffusion.roundToMicropoints", "is required beside the other columns of diffusion.")]
    [InlineData("\"two\r\nlines\",6,8,1,1,,\r\na,6,8", "line 4", "has 3 fields; the first line names 7 columns.")]
    [InlineData("\"two\r\nlines\",6,8,1,1,,\r\na,6,8", "line 3, column model", "must have 1 to 200 characters, none of them a control character.")]
    [InlineData("a,6,8,\"4096,2048,,", "line 3", "has 4 fields; the first line names 7 columns.")]
    [InlineData("a,6,8,4\"096,2048,,", "line 2", "is not CSV as RFC 4180 has it: a quote is missing or misplaced.")]
    [InlineData("", "body", "must have 1 to 1,000 rows below the line with the columns' names.")]
    public async Task A_fault_names_line_and_column_and_nothing_is_added(string rows, string place, string message)
    {
        var guard = $"m-{Guid.CreateVersion7()}";
        var first = rows.Length == 0 ? "" : $"{rows}\r\n{guard},6,8,4096,2048,,";

        var (status, body) = await billing.TryPutAsync($"{Header}\r\n{first}", "text/csv; charset=utf-8");

        Assert.Equal((400, message), (status, ErrorsOf(body).GetValueOrDefault(place, body)));
        Assert.Empty((await billing.GetAsync($"/admin/prices?model={guard}")).GetProperty("items").EnumerateArray());
    }

    [Theory]
    [InlineData("", "line 1", "must name the columns, and at least one row must follow.")]
    [InlineData("contextTokens\r\n1", "line 1", "must name the column model.")]
    [InlineData("model,model\r\na,b", "line 1, column model", "appears more than once.")]
    [InlineData("model,effectiveFrom,micropointsPerSecond\r\na,tomorrow,1", "line 2, column effectiveFrom", "must be an RFC 3339 time such as 2026-01-31T00:00:00Z, or empty for now.")]
    public async Task The_first_line_names_known_columns(string csv, string place, string message)
    {
        var (status, body) = await billing.TryPutAsync(csv, "text/csv");
        Assert.Equal((400, message), (status, ErrorsOf(body)[place]));
    }

    [Fact]
    public async Task An_unknown_column_is_told_what_is_known()
    {
        var (status, body) = await billing.TryPutAsync("model,price\r\na,1", "text/csv");
        Assert.Equal(400, status);
        Assert.StartsWith("is not a known column. Known are model, effectiveFrom, inputMicropointsPer1k,", ErrorsOf(body)["line 1, column price"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/xml", 415)]
    [InlineData(null, 415)]
    public async Task Anything_else_is_not_a_price_list(string? contentType, int expected) => Assert.Equal(expected, (await billing.TryPutAsync("[]", contentType)).Status);

    private async Task<JsonObject[]> RowsAsync(string[] models) => await Task.WhenAll(models.Select(async model =>
        JsonNode.Parse((await billing.GetAsync($"/admin/prices?model={Uri.EscapeDataString(model)}")).GetProperty("items")[0].GetRawText())!.AsObject()));
}
