using System.Net;
using System.Text.Json;
using Aigc2d.TestKit;

namespace Aigc2d.EndToEnd.Tests;

/// <summary>Two channels for one model, of which the first fails: the caller sees no error and pays once.</summary>
public sealed class FailoverTests(Suite suite)
{
    [Theory]
    [InlineData("status=500", false)]
    [InlineData("status=500", true)]
    [InlineData("status=429,retryafter=30", true)]
    [InlineData("status=401", false)]
    public async Task A_failing_channel_is_not_noticed_and_one_call_is_charged(string fault, bool stream)
    {
        var (account, key) = await suite.CustomerAsync(10_000_000);
        var model = await suite.ModelAsync(fault);
        var second = await AddChannelAsync(model, "");

        using var response = await suite.ChatAsync(key, model, stream: stream);

        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        Assert.DoesNotContain("\"error\"", text, StringComparison.Ordinal);
        Assert.True(!stream || text.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal), text);
        await Eventually.Equal(1, async () => (await suite.ChargesOfAsync(account)).Length);
        var charge = (await suite.ChargesOfAsync(account)).Single().GetProperty("data");
        Assert.Equal((second, "completed"), (charge.GetProperty("channelId").GetString(), charge.GetProperty("endCause").GetString()));
        Assert.Equal((charge.GetProperty("balanceMicropoints").GetInt64(), 0), await suite.PointsOfAsync(account));
        Assert.Equal(-Charges.PriceOf(charge.GetProperty("inputTokens").GetInt32(), charge.GetProperty("outputTokens").GetInt32()), charge.GetProperty("amountMicropoints").GetInt64());
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task With_both_channels_down_the_caller_is_told_in_its_dialect_and_charged_nothing(bool stream)
    {
        var (account, key) = await suite.CustomerAsync(10_000_000);
        var model = await suite.ModelAsync("status=500");
        await AddChannelAsync(model, "@status=503");

        using var response = await suite.ChatAsync(key, model, stream: stream);

        var error = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync()).GetProperty("error");
        Assert.Equal((HttpStatusCode.BadGateway, "provider_error"), (response.StatusCode, error.GetProperty("code").GetString()));
        await Eventually.Equal((10_000_000, 0), () => suite.PointsOfAsync(account));
        Assert.Empty(await suite.ChargesOfAsync(account));
    }

    [Fact]
    public async Task Operators_see_a_channel_that_rests_and_why()
    {
        var (_, key) = await suite.CustomerAsync(10_000_000);
        var model = await suite.ModelAsync("status=429,retryafter=30");
        (await suite.ChatAsync(key, model)).Dispose();

        var channels = (await suite.AdminAsync(HttpMethod.Get, "/admin/channels/health")).GetProperty("items").EnumerateArray();

        var channel = channels.Single(one => one.GetProperty("name").GetString() == model);
        Assert.Equal("rate_limit", channel.GetProperty("resting").GetProperty("cause").GetString());
        Assert.Equal(JsonValueKind.Object, (await suite.AdminAsync(HttpMethod.Get, $"/admin/channels/{channel.GetProperty("id").GetString()}/health")).ValueKind);
    }

    /// <summary>Another channel for the model, asked after the first.</summary>
    private async Task<string> AddChannelAsync(string model, string script)
    {
        var created = await suite.AdminAsync(HttpMethod.Post, "/admin/channels", new
        {
            provider = "openai",
            name = $"second of {model}",
            baseUrl = suite["AIGC2D_SANDBOX_URL"],
            credential = "sandbox",
            models = new[] { new { name = model, upstream = $"gpt-4o-mini{script}" } },
            priority = 1,
        });
        return created.GetProperty("id").GetString()!;
    }
}
