using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aigc2d.Billing.Tests.Prices;

/// <summary>The public price list.</summary>
public sealed class ExplainedPriceTests(BillingFixture billing)
{
    [Fact]
    public async Task A_price_is_explained_in_points_and_CNY()
    {
        var model = await billing.ModelAsync("\"inputMicropointsPer1k\":6000000,\"outputMicropointsPer1k\":8000000,\"cachedInputMicropointsPer1k\":1,\"contextTokens\":4096,\"maxOutputTokens\":2048");

        var price = JsonNode.Parse(await billing.TextAsync($"/api/prices/{model}"))!.AsObject();

        foreach (var given in (string[])["effectiveFrom", "priceVersion"]) Assert.True(price.Remove(given));
        Assert.True(JsonNode.DeepEquals(price, JsonNode.Parse($$"""
            {"model":"{{model}}","contextTokens":4096,"maxOutputTokens":2048,"rates":[
                {"meter":"input_tokens","per":1000,"micropoints":6000000,"points":"6","cny":"0.0126"},
                {"meter":"cached_input_tokens","per":1000,"micropoints":1,"points":"0.000001","cny":"0.0000000021"},
                {"meter":"output_tokens","per":1000,"micropoints":8000000,"points":"8","cny":"0.0168"}],
            "minimumPoints":"0.01",
            "explanation":"1,000 input tokens cost 6 points (0.0126 CNY), 1,000 of them read from a cache 0.000001 points (0.0000000021 CNY), 1,000 output tokens 8 points (0.0168 CNY); a request costs at least 0.01 points, and your plan's multiplier applies before the sum is rounded up to a millionth of a point."}
            """)), price.ToJsonString());
    }

    [Fact]
    public async Task Every_other_kind_is_explained_too()
    {
        var model = await billing.ModelAsync(PriceDesk.Kinds);

        var price = await billing.GetAsync($"/api/prices/{model}");

        Assert.Equal(
            [
                "milliseconds  150000/1000", "characters  15000000/1000", "images 1024x1024 40000000/1", "images 1024x1024/hd 80000000/1", "tasks blend 100000000/1", "tasks describe 50000000/1",
                "tasks imagine 100000000/1", "tasks reroll 100000000/1", "tasks upscale 10000000/1", "tasks variation 50000000/1",
                "diffusion (5 + 6 × ControlNet units) × megapixels × steps × images 400000/1",
            ],
            price.GetProperty("rates").EnumerateArray().Select(rate => $"{rate.GetProperty("meter")} {(rate.TryGetProperty("of", out var of) ? of : "")} {rate.GetProperty("micropoints")}/{rate.GetProperty("per")}"));
        Assert.StartsWith("A second costs 0.15 points (0.000315 CNY), 1,000 characters 15 points", price.GetProperty("explanation").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, price.GetProperty("contextTokens").ValueKind);
    }

    [Fact]
    public async Task The_list_is_paged_and_filtered_and_may_be_cached()
    {
        var prefix = $"zz-{Guid.CreateVersion7()}";
        foreach (var n in new[] { 1, 2, 3 }) await billing.PutAsync($"{prefix}-{n}", "\"micropointsPerSecond\":1");

        var first = await billing.GetAsync($"/api/prices?limit=2&after={prefix}");
        var second = await billing.GetAsync($"/api/prices?limit=2&after={first.GetProperty("next").GetString()}");

        Assert.Equal([$"{prefix}-1", $"{prefix}-2"], Models(first));
        Assert.Equal($"{prefix}-3", Models(second)[0]);
        Assert.Equal([$"{prefix}-3"], Models(await billing.GetAsync($"/api/prices?model={prefix}-3")));
        using var answer = await billing.Client.GetAsync(new Uri("/api/prices?limit=1", UriKind.Relative));
        Assert.Equal("public, max-age=60", answer.Headers.CacheControl!.ToString());
    }

    [Fact]
    public async Task A_price_of_the_future_is_not_shown_yet()
    {
        var model = await billing.ModelAsync("\"micropointsPerSecond\":1");
        await billing.PutAsync(model, $"\"effectiveFrom\":\"{TimeProvider.System.GetUtcNow().AddDays(1):O}\",\"micropointsPerSecond\":2");

        Assert.Equal(1, (await billing.GetAsync($"/api/prices/{model}")).GetProperty("rates")[0].GetProperty("micropoints").GetInt64());
    }

    [Theory]
    [InlineData("/api/prices/no-such-model", 404)]
    [InlineData("/api/prices?limit=0", 400)]
    [InlineData("/api/prices?limit=201", 400)]
    public async Task What_is_not_there_or_out_of_range_is_refused(string path, int status)
    {
        using var answer = await billing.Client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(status, (int)answer.StatusCode);
    }

    private static string[] Models(JsonElement list) => [.. list.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("model").GetString()!)];
}
