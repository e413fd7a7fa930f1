using Aigc2d.Sandbox.Tests.Kit;

namespace Aigc2d.Sandbox.Tests;

public sealed class RequestLogTests(SandboxFixture fixture)
{
    [Theory]
    [InlineData("openai", "/v1/chat/completions", "")]
    [InlineData("azure", "/openai/deployments/log-azure@echo/chat/completions", "?api-version=2024-10-21")]
    [InlineData("completions", "/v1/completions", "")]
    [InlineData("azure-completions", "/openai/deployments/log-azure-completions@echo/completions", "?api-version=2024-10-21")]
    [InlineData("anthropic", "/v1/messages", "")]
    [InlineData("wenxin-v1", "/rpc/2.0/ai_custom/v1/wenxinworkshop/chat/log-wenxin-v1@echo", "?access_token=redacted")]
    [InlineData("wenxin-v2", "/v2/chat/completions", "")]
    public async Task Every_request_is_kept_with_where_it_went_and_what_it_held(string name, string path, string query)
    {
        var format = WireFormat.Of(name);
        var model = $"log-{name}@echo";

        await format.AskAsync(fixture, model);

        var request = Assert.Single(await fixture.ReceivedAsync($"log-{name}"));
        Assert.Equal((model, "POST", path, query, format.Body(model, false)), (Text("model"), Text("method"), Text("path"), Text("query"), Text("body")));
        Assert.All(format.Headers, header => Assert.Equal(header.Value, request.GetProperty("headers").GetProperty(header.Name.ToLowerInvariant()).GetString()));

        string Text(string member) => request.GetProperty(member).GetString()!;
    }

    [Fact]
    public async Task A_refused_request_is_kept_too_and_a_secret_is_not()
    {
        await fixture.SendAsync(HttpMethod.Post, "/v1/messages", """{"model":"log-refused"}""", ("x-api-key", "k"), ("anthropic-version", "2023-06-01"));
        await WireFormat.TokenAsync(fixture, "log-key");

        Assert.Single(await fixture.ReceivedAsync("log-refused"));
        Assert.Equal("?grant_type=client_credentials&client_id=log-key&client_secret=redacted", Assert.Single(await fixture.ReceivedAsync("log-key")).GetProperty("query").GetString());
    }

    [Theory]
    [InlineData("X-None", "unknown_url")]
    [InlineData("anthropic-version", "not_found_error")]
    public async Task What_nobody_serves_is_not_found_in_the_callers_dialect(string header, string code)
    {
        var answer = await fixture.SendAsync(HttpMethod.Post, "/v1/messages/batches", "{}", (header, "2023-06-01"));
        Assert.Equal(404, answer.Status);
        Assert.Contains($"\"{code}\"", answer.Text, StringComparison.Ordinal);
    }
}
