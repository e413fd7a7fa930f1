using Aigc2d.Contracts.Moderation;
using Aigc2d.Gateway.Tests.Stands;
using Microsoft.AspNetCore.Http;

namespace Aigc2d.Gateway.Tests.TokenCounts;

/// <summary>Anthropic's count of a prompt's tokens: theirs where it can be had, else ours.</summary>
public sealed class CountTokensTests
{
    private const string Hello = """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello, world!"}]}""";
    private const string InternalRoute = "/internal/messages/count_tokens";

    [Fact]
    public async Task A_providers_own_count_is_passed_on()
    {
        await using var edge = await StartAsync();
        edge.Siblings.Adapters.Routes[$"POST {InternalRoute}"] = context => WriteAsync(context, 200, """{"input_tokens":4711,"more":true}""");

        using var answer = await CountAsync(edge);

        Assert.Equal((200, """{"input_tokens":4711,"more":true}"""), ((int)answer.StatusCode, await answer.TextAsync()));
        Assert.NotNull(answer.Header("anthropic-ratelimit-requests-remaining"));
        Assert.Equal(answer.Header("x-request-id"), answer.Header("request-id"));
    }

    [Fact]
    public async Task Without_a_provider_the_count_is_ours_and_free()
    {
        await using var edge = await StartAsync();

        using var answer = await CountAsync(edge);

        // 3 + 1 for the message, 4 for its text, 3 before the answer.
        Assert.Equal((200, """{"input_tokens":11}"""), ((int)answer.StatusCode, await answer.TextAsync()));
        Assert.DoesNotContain(edge.Siblings.Billing.Requests, asked => asked.Target.StartsWith("/internal/holds", StringComparison.Ordinal));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_prompt_that_may_not_leave_is_counted_here(bool isForbidden)
    {
        await using var edge = await StartAsync();
        edge.Siblings.Moderation.IsDown = !isForbidden;
        edge.Siblings.Moderation.Classify = _ => new Classification { Scores = new Dictionary<string, double>(), Rules = ["some.rule"] };

        using var answer = await CountAsync(edge);

        Assert.Equal((200, """{"input_tokens":11}"""), ((int)answer.StatusCode, await answer.TextAsync()));
        Assert.DoesNotContain(edge.Siblings.Adapters.Requests, asked => asked.Target == InternalRoute);
    }

    [Fact]
    public async Task What_the_provider_finds_wrong_is_passed_on()
    {
        const string Error = """{"type":"error","error":{"type":"invalid_request_error","message":"no"}}""";
        await using var edge = await StartAsync();
        edge.Siblings.Adapters.Routes[$"POST {InternalRoute}"] = context => WriteAsync(context, 400, Error);

        using var answer = await CountAsync(edge);

        Assert.Equal((400, Error), ((int)answer.StatusCode, await answer.TextAsync()));
    }

    [Theory]
    [InlineData("""{"model":"gpt-4o-mini"}""", 400, "invalid_request_error")]
    [InlineData("""{"model":"unheard-of","messages":[{"role":"user","content":"x"}]}""", 404, "not_found_error")]
    public async Task A_wrong_question_is_told_in_Anthropics_words(string body, int status, string type)
    {
        await using var edge = await StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Post, "/v1/messages/count_tokens", edge.Customer().Key, Edge.Json(body));
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains($"\"type\":\"{type}\"", await answer.TextAsync(), StringComparison.Ordinal);
    }

    private static async Task<Edge> StartAsync()
    {
        var edge = await Edge.StartAsync();
        edge.Siblings.Billing.PricedModels = ["gpt-4o-mini"];
        edge.Siblings.Adapters.RoutedModels = [AdaptersStandIn.Routed("gpt-4o-mini")];
        return edge;
    }

    private static Task<HttpResponseMessage> CountAsync(Edge edge) => edge.SendAsync(HttpMethod.Post, "/v1/messages/count_tokens", edge.Customer().Key, Edge.Json(Hello));

    private static Task WriteAsync(HttpContext context, int status, string json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json);
    }
}
