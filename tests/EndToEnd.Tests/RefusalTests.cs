using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Aigc2d.TestKit;

namespace Aigc2d.EndToEnd.Tests;

/// <summary>What is refused costs nothing, reaches no provider, and says why.</summary>
public sealed class RefusalTests(Suite suite)
{
    [Fact]
    public async Task An_unknown_key_is_refused()
    {
        using var response = await suite.ChatAsync("AIGC2D-00000000-0000-4000-8000-000000000000", "gpt-4o-mini");
        await AssertErrorAsync(response, HttpStatusCode.Unauthorized, "invalid_api_key");
    }

    [Fact]
    public async Task Without_points_nothing_is_called()
    {
        var (_, key) = await suite.CustomerAsync(0);
        using var response = await suite.ChatAsync(key, await suite.ModelAsync());
        await AssertErrorAsync(response, HttpStatusCode.PaymentRequired, "insufficient_quota");
    }

    [Fact]
    public async Task An_unknown_model_is_not_found()
    {
        var (account, key) = await suite.CustomerAsync(10_000_000);
        using var response = await suite.ChatAsync(key, "no-such-model");
        await AssertErrorAsync(response, HttpStatusCode.NotFound, "model_not_found");
        await Eventually.Equal((10_000_000, 0), () => suite.PointsOfAsync(account));
    }

    [Theory]
    [InlineData("""{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hi"}""", null)]
    [InlineData("""{"model":"gpt-4o-mini","model":"gpt-4o","messages":[{"role":"user","content":"hi"}]}""", "model")]
    [InlineData("""{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hi"}],"max_tokens":5,"MAX_TOKENS":500}""", "MAX_TOKENS")]
    [InlineData("""{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hi"}],"max_tokens":-1}""", "max_tokens")]
    [InlineData("""{"model":"gpt-4o-mini","messages":[]}""", "messages")]
    [InlineData("""{"messages":[{"role":"user","content":"hi"}]}""", "model")]
    public async Task A_malformed_body_is_refused_with_the_field_named(string json, string? field)
    {
        var (account, key) = await suite.CustomerAsync(10_000_000);
        using var content = new StringContent(json, Encoding.UTF8, "application/json");

        using var response = await suite.SendAsync(HttpMethod.Post, "/v1/chat/completions", key, content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        Assert.Equal(field, error.GetProperty("param").GetString());
        Assert.Equal((10_000_000, 0), await suite.PointsOfAsync(account));
    }

    [Fact]
    public async Task An_oversized_body_is_refused_without_a_hold()
    {
        var (account, key) = await suite.CustomerAsync(10_000_000);
        using var content = new ByteArrayContent(new byte[33 * 1024 * 1024]);
        content.Headers.ContentType = new("application/json");

        using var response = await suite.SendAsync(HttpMethod.Post, "/v1/chat/completions", key, content);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal((10_000_000, 0), await suite.PointsOfAsync(account));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_provider_that_is_down_is_a_bad_gateway_that_costs_nothing(bool stream)
    {
        var (account, key) = await suite.CustomerAsync(10_000_000);
        var model = await suite.ModelAsync(baseUrl: $"http://127.0.0.1:{TestSockets.FreePort()}");

        using var response = await suite.ChatAsync(key, model, stream: stream);

        await AssertErrorAsync(response, HttpStatusCode.BadGateway, "provider_error");
        await Eventually.Equal((10_000_000, 0), () => suite.PointsOfAsync(account));
    }

    [Fact]
    public async Task A_provider_that_answers_500_is_a_bad_gateway_that_costs_nothing()
    {
        var (account, key) = await suite.CustomerAsync(10_000_000);

        using var response = await suite.ChatAsync(key, await suite.ModelAsync("status=500"));

        await AssertErrorAsync(response, HttpStatusCode.BadGateway, "provider_error");
        await Eventually.Equal((10_000_000, 0), () => suite.PointsOfAsync(account));
    }

    private static async Task AssertErrorAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(status == response.StatusCode, $"{(int)response.StatusCode} {body}");
        Assert.Equal(code, JsonSerializer.Deserialize<JsonElement>(body).GetProperty("error").GetProperty("code").GetString());
        Assert.True(response.Headers.Contains("x-request-id"));
    }
}
