using Aigc2d.Gateway.Tests.Stands;

namespace Aigc2d.Gateway.Tests.Edges;

public sealed class BrowserTests
{
    private const string Exposed =
        "x-request-id,Server-Timing,retry-after,retry-after-ms,x-should-retry,request-id,x-ratelimit-limit-requests,x-ratelimit-remaining-requests,x-ratelimit-reset-requests,"
        + "x-ratelimit-limit-tokens,x-ratelimit-remaining-tokens,x-ratelimit-reset-tokens,"
        + "anthropic-ratelimit-requests-limit,anthropic-ratelimit-requests-remaining,anthropic-ratelimit-requests-reset,"
        + "anthropic-ratelimit-tokens-limit,anthropic-ratelimit-tokens-remaining,anthropic-ratelimit-tokens-reset";

    [Fact]
    public async Task A_page_of_any_origin_may_ask_first_and_is_told_yes()
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Options, "/v1/chat/completions", null, null, headers =>
        {
            headers.Add("Origin", "https://chat.example");
            headers.Add("Access-Control-Request-Method", "POST");
            headers.Add("Access-Control-Request-Headers", "authorization,content-type,x-stainless-lang");
        });
        Assert.Equal(
            (204, "*", "authorization,content-type,x-stainless-lang", "GET,POST,PATCH,DELETE", "7200", null),
            ((int)answer.StatusCode, answer.Header("Access-Control-Allow-Origin"), answer.Header("Access-Control-Allow-Headers"), answer.Header("Access-Control-Allow-Methods"),
                answer.Header("Access-Control-Max-Age"), answer.Header("Access-Control-Allow-Credentials")));
    }

    [Theory]
    [InlineData("/v1/models", 401)]
    [InlineData("/v1/unheard-of", 404)]
    [InlineData("/v1/chat/completions", 405)]
    [InlineData("/health", 200)]
    public async Task Pages_may_read_every_answer_errors_included(string path, int status)
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Get, path, null, null, headers => headers.Add("Origin", "https://chat.example"));
        Assert.Equal((status, "*", Exposed), ((int)answer.StatusCode, answer.Header("Access-Control-Allow-Origin"), answer.Header("Access-Control-Expose-Headers")));
    }

    [Fact]
    public async Task The_admin_listener_is_not_for_pages()
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.AdminAsync(HttpMethod.Options, "/admin/channels", null, headers: headers =>
        {
            headers.Add("Origin", "https://evil.example");
            headers.Add("Access-Control-Request-Method", "POST");
        });
        Assert.Equal((401, null), ((int)answer.StatusCode, answer.Header("Access-Control-Allow-Origin")));
    }
}
