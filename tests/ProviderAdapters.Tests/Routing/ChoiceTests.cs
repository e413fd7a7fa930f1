using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Tests.Kit;
using Aigc2d.ProviderAdapters.Usage;
using Microsoft.AspNetCore.Http;

namespace Aigc2d.ProviderAdapters.Tests.Routing;

/// <summary>Which channel a call goes to: by region, by prompt prefix, by limits; and what operators see of it.</summary>
public sealed class ChoiceTests(AdaptersFixture fixture)
{
    private AdaptersHost Adapters => fixture.Adapters;

    [Fact]
    public async Task A_wish_for_a_region_is_kept_to()
    {
        var eu = await Adapters.ModelAsync();
        var us = await Adapters.SecondAsync(eu, priority: 5);
        await PatchAsync(eu, """{"region":"eu"}""");
        await PatchAsync(us, """{"region":"us"}""");

        Assert.Equal((200, 1, 0), await AskAsync("eu"));
        Assert.Equal((200, 1, 1), await AskAsync("us"));
        Assert.Equal((200, 1, 2), await AskAsync(null));
        await PatchAsync(eu, """{"state":"disabled"}""");
        Assert.Equal((400, 1, 2), await AskAsync("eu"));
        var call = TestCall.Of(eu, stream: false) with { Region = "mars" };
        var answer = await Adapters.AskAsync(call);
        Assert.Equal((400, "invalid_request", true), (answer.Status, answer.Failure, answer.Error.GetProperty("message").GetString()!.Contains("'mars'", StringComparison.Ordinal)));
        await fixture.AssertRecordedAsync(call.Row(null, EndCause.ProviderError, TokenCounts.None, accepted: false));

        async Task<(int Status, int Eu, int Us)> AskAsync(string? region)
        {
            var status = (await Adapters.AskAsync(TestCall.Of(eu, stream: false) with { Region = region })).Status;
            return (status, (await Adapters.ReceivedAtSandboxAsync(eu)).Length, (await Adapters.ReceivedAtSandboxAsync(us)).Length);
        }
    }

    [Fact]
    public async Task A_channel_of_the_region_that_cannot_be_asked_is_a_503_though_others_could()
    {
        var eu = await Adapters.ModelAsync("status=401");
        await Adapters.SecondAsync(eu);
        await PatchAsync(eu, """{"region":"eu"}""");
        await Adapters.AskAsync(TestCall.Of(eu, stream: false) with { Region = "eu" });

        var answer = await Adapters.AskAsync(TestCall.Of(eu, stream: false) with { Region = "eu" });

        Assert.Equal((503, "no_channel"), (answer.Status, answer.Failure));
    }

    [Fact]
    public async Task Calls_with_one_cache_key_meet_the_same_channel_and_other_keys_spread()
    {
        var first = await Adapters.ModelAsync();
        var second = await Adapters.SecondAsync(first);
        var account = TestCall.Of(first, stream: false);

        for (var i = 0; i < 6; i++) await AskAsync("the same");
        var counts = await CountsAsync();
        Assert.True(counts is (6, 0) or (0, 6), $"{counts}");
        for (var i = 0; i < 30; i++) await AskAsync($"key {i}");
        counts = await CountsAsync();
        Assert.InRange(counts.First, 3, 33);

        Task<Answer> AskAsync(string key) => Adapters.AskAsync(
            new TestCall(first.Name, account.Body.Replace("\"user\":", $"\"prompt_cache_key\":\"{key}\",\"user\":", StringComparison.Ordinal)) { AccountId = account.AccountId });

        async Task<(int First, int Second)> CountsAsync() => ((await Adapters.ReceivedAtSandboxAsync(first)).Length, (await Adapters.ReceivedAtSandboxAsync(second)).Length);
    }

    [Fact]
    public async Task A_channel_that_says_it_has_nothing_left_is_spared_until_its_reset()
    {
        await using var raw = await RawUpstream.StartAsync(async http =>
        {
            http.Response.Headers["x-ratelimit-limit-requests"] = "500";
            http.Response.Headers["x-ratelimit-remaining-requests"] = "0";
            http.Response.Headers["x-ratelimit-reset-requests"] = "40s";
            await http.Response.WriteAsync("""{"choices":[{"index":0,"message":{"role":"assistant","content":"Last one."},"finish_reason":"stop"}]}""");
        });
        var good = await Adapters.ModelAsync();
        var last = good with { Upstream = "raw", Base = "raw" };
        last = last with { ChannelId = await Adapters.ChannelAsync(raw.BaseAddress, last, priority: 5) };

        Assert.Equal("Last one.", (await Adapters.AskAsync(TestCall.Of(good, stream: false))).Content);
        Assert.NotEqual("Last one.", (await Adapters.AskAsync(TestCall.Of(good, stream: false))).Content);
        var health = await HealthAsync(last);
        Assert.Equal(("rate_limit", "requests", 0, 500), (
            health.GetProperty("resting").GetProperty("cause").GetString(), health.GetProperty("providerLimits")[0].GetProperty("name").GetString(),
            health.GetProperty("providerLimits")[0].GetProperty("remaining").GetInt32(), health.GetProperty("providerLimits")[0].GetProperty("limit").GetInt32()));
    }

    [Fact]
    public async Task Beyond_its_own_limit_of_calls_a_channel_is_passed_by_and_with_nobody_else_it_is_429()
    {
        var gate = $"gate-{Guid.CreateVersion7():N}";
        var narrow = await Adapters.ModelAsync($"gate={gate}");
        await PatchAsync(narrow, """{"limits":{"concurrentCalls":1}}""");
        var holding = Adapters.AskAsync(TestCall.Of(narrow, stream: false));
        await TestKit.Eventually.Equal(1, () => Adapters.OpenAtSandboxAsync(narrow));

        Assert.Equal(1, (await HealthAsync(narrow)).GetProperty("running").GetInt32());
        var alone = await Adapters.AskAsync(TestCall.Of(narrow, stream: false));
        Assert.Equal((429, "rate_limited"), (alone.Status, alone.Failure));
        var wide = await Adapters.SecondAsync(narrow, priority: -1);
        Assert.Equal(200, (await Adapters.AskAsync(TestCall.Of(narrow, stream: false))).Status);
        Assert.Single(await Adapters.ReceivedAtSandboxAsync(wide));

        await fixture.OpenGateAsync(gate);
        Assert.Equal(200, (await holding).Status);
        await TestKit.Eventually.Equal(0, async () => (await HealthAsync(narrow)).GetProperty("running").GetInt32());
    }

    [Fact]
    public async Task Costs_are_summed_where_they_are_known_and_empty_values_take_settings_away()
    {
        var model = await Adapters.ModelAsync();
        await PatchAsync(model, $$$$"""{"region":"eu","limits":{"tokensPerMinute":5000},"priceOverrides":{"{{{{model.Name}}}}":{"inputMicropointsPer1k":1000,"outputMicropointsPer1k":2000}}}""");

        await Adapters.AskAsync(TestCall.Of(model, stream: true));

        // 11 tokens in and 9 out.
        await TestKit.Eventually.Equal(11 + 18, async () => (await HealthAsync(model)).GetProperty("costTodayMicropoints").GetInt32());
        var cleared = await PatchAsync(model, """{"region":"","limits":{},"priceOverrides":{}}""");
        Assert.EndsWith(""","region":null,"limits":{},"priceOverrides":{}}""", cleared, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, (await HealthAsync(model)).GetProperty("costTodayMicropoints").ValueKind);
    }

    [Theory]
    [InlineData("""{"region":"EU west"}""", "region")]
    [InlineData("""{"limits":{"requestsPerMinute":0}}""", "limits.requestsPerMinute")]
    [InlineData("""{"limits":{"concurrentCalls":-1,"tokensPerMinute":0}}""", "limits.tokensPerMinute,limits.concurrentCalls")]
    [InlineData("""{"limits":{"perSecond":1}}""", "perSecond")]
    [InlineData("""{"priceOverrides":{"m":{"inputMicropointsPer1k":-1,"outputMicropointsPer1k":0}}}""", "priceOverrides.m")]
    [InlineData("""{"priceOverrides":{"m":null}}""", "priceOverrides.m")]
    public async Task A_setting_at_fault_is_named(string patch, string fields)
    {
        var model = await Adapters.ModelAsync();

        using var response = await SendAsync(model, patch);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var errors = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors");
        Assert.Equal(fields, string.Join(',', errors.EnumerateObject().Select(error => error.Name)));
    }

    [Fact]
    public async Task The_page_shows_every_channel_and_runs_nothing()
    {
        var model = await Adapters.ModelAsync("status=401");
        await PatchAsync(model, """{"name":"<script>alert(1)</script>"}""");
        await Adapters.AskAsync(TestCall.Of(model, stream: false));

        using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/channels/health") { Headers = { Accept = { new MediaTypeWithQualityHeaderValue("text/html") } } };
        using var response = await Adapters.Client.SendAsync(request);
        var page = await response.Content.ReadAsStringAsync();

        Assert.Equal(("text/html", HttpStatusCode.OK), (response.Content.Headers.ContentType!.MediaType, response.StatusCode));
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains($"&lt;script&gt;alert(1)&lt;/script&gt;", page, StringComparison.Ordinal);
        Assert.Contains("status 401: invalid_api_key: Incorrect API key provided: ***.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-upstream-secret-1234", page, StringComparison.Ordinal);
        var all = await Adapters.Client.GetFromJsonAsync<JsonElement>("/admin/channels/health");
        Assert.Contains(all.GetProperty("items").EnumerateArray(), item => item.GetProperty("id").GetGuid() == model.ChannelId);
        Assert.Equal(HttpStatusCode.NotFound, (await Adapters.Client.GetAsync(new Uri($"/admin/channels/{Guid.CreateVersion7()}/health", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task The_providers_own_models_are_listed_and_a_failure_is_explained()
    {
        var model = await Adapters.ModelAsync();
        await using var closed = await RawUpstream.StartAsync(_ => Task.CompletedTask);
        var nowhere = await Adapters.ChannelAsync(closed.BaseAddress, model);

        var listed = await Adapters.Client.GetFromJsonAsync<JsonElement>($"/admin/channels/{model.ChannelId}/upstream-models");
        using var failed = await Adapters.Client.GetAsync(new Uri($"/admin/channels/{nowhere}/upstream-models", UriKind.Relative));

        Assert.Contains("gpt-4o-mini", listed.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()));
        Assert.Equal(HttpStatusCode.BadGateway, failed.StatusCode);
        Assert.Contains("status 405", await failed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<JsonElement> HealthAsync(TestModel model) => await Adapters.Client.GetFromJsonAsync<JsonElement>($"/admin/channels/{model.ChannelId}/health");

    private async Task<string> PatchAsync(TestModel model, string json)
    {
        using var response = await SendAsync(model, json);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }

    private Task<HttpResponseMessage> SendAsync(TestModel model, string json) =>
        Adapters.Client.PatchAsync(new Uri($"/admin/channels/{model.ChannelId}", UriKind.Relative), new StringContent(json, Encoding.UTF8, "application/json"));
}
