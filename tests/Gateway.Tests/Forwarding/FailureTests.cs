using System.Text;
using Aigc2d.Contracts;
using Aigc2d.Gateway.Tests.Stands;
using Aigc2d.TestKit;

namespace Aigc2d.Gateway.Tests.Forwarding;

public sealed class FailureTests
{
    private const string NotFound = "The model 'gpt-4o-mini' does not exist or is not offered. GET /v1/models lists what your key may call.";
    private const string Unavailable = "The service is briefly unavailable; nothing was charged. Try again.";

    [Theory]
    [InlineData("model_not_found", 404, 404, "invalid_request_error", "model_not_found", NotFound, "model", null, true)]
    [InlineData("no_channel", 503, 503, "server_error", "service_unavailable", "No provider offers the model 'gpt-4o-mini' at the moment; nothing was charged. Try again later.", null, "2", true)]
    [InlineData("provider_error", 502, 502, "server_error", "provider_error", "The provider failed to answer; nothing was charged.", null, "2", false)]
    [InlineData("provider_timeout", 504, 504, "server_error", "provider_timeout", "The provider did not answer in time.", null, "2", false)]
    [InlineData("rate_limited", 429, 429, "requests", "rate_limit_exceeded", "The provider takes no more calls at the moment; nothing was charged. Try again later.", null, "2", false)]
    [InlineData("unavailable", 503, 503, "server_error", "service_unavailable", Unavailable, null, "1", true)]
    [InlineData("invalid_request", 500, 502, "server_error", "provider_error", "The provider failed to answer; nothing was charged.", null, "2", false)]
    [InlineData("something_new", 500, 503, "server_error", "service_unavailable", Unavailable, null, "1", true)]
    public async Task A_failure_of_the_provider_is_told_in_our_words(
        string failure, int upstream, int status, string type, string code, string message, string? param, string? retryAfter, bool isReleased)
    {
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Adapters.Answer = AdaptersStandIn.Failing(failure, upstream, """{"error":{"message":"our account 12345 is out of credit"}}""");
        using var answer = await edge.ChatAsync(edge.Customer());
        await answer.AssertOpenAiErrorAsync(status, type, code, message, param);
        Assert.Equal(retryAfter, answer.Header("retry-after"));
        if (!isReleased)
        {
            Assert.Empty(edge.Siblings.Billing.Releases);
            return;
        }

        await Eventually.True(() => edge.Siblings.Billing.Releases.Count == 1);
        Assert.Equal(Guid.Parse(answer.Header("x-request-id")!), Assert.Single(edge.Siblings.Billing.Releases).RequestId);
    }

    [Fact]
    public async Task A_provider_that_says_when_to_come_back_is_believed()
    {
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Adapters.Answer = context =>
        {
            context.Response.Headers.RetryAfter = "17";
            return AdaptersStandIn.Failing("rate_limited", 429)(context);
        };
        using var answer = await edge.ChatAsync(edge.Customer());
        Assert.Equal((429, "17"), ((int)answer.StatusCode, answer.Header("retry-after")));
    }

    [Theory]
    [InlineData(null, 200)]
    [InlineData("eu-west1", 200)]
    [InlineData("EU West", 400)]
    [InlineData("eu, us", 400)]
    [InlineData("012345678901234567890123456789012", 400)]
    public async Task A_region_is_handed_on_if_it_can_be_one(string? region, int status)
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.ChatAsync(edge.Customer(), headers: headers =>
        {
            if (region is not null) headers.Add(CallHeaders.Region, region);
        });

        if (status == 400)
        {
            await answer.AssertOpenAiErrorAsync(
                400, "invalid_request_error", "invalid_value", "Invalid 'x-aigc2d-region': send one region of lower-case letters, digits and hyphens, or leave the header out.", CallHeaders.Region);
            Assert.Equal((0, 0), (edge.Siblings.Adapters.Calls.Count, edge.Siblings.Billing.Releases.Count));
            return;
        }

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(region, Assert.Single(edge.Siblings.Adapters.Calls).Headers.GetValueOrDefault(CallHeaders.Region));
    }

    [Fact]
    public async Task What_the_provider_found_wrong_with_the_request_itself_is_passed_on()
    {
        const string body = """{"error":{"message":"temperature must be at most 2","type":"invalid_request_error","param":"temperature","code":"invalid_value"}}""";
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Adapters.Answer = AdaptersStandIn.Failing("invalid_request", 400, body);
        using var answer = await edge.ChatAsync(edge.Customer());
        Assert.Equal((400, "application/json", body), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.ToString(), await answer.TextAsync()));
        Assert.Null(answer.Header(CallHeaders.Failure));
    }

    [Theory]
    [InlineData(402, null)]
    [InlineData(403, null)]
    [InlineData(429, "7")]
    [InlineData(502, null)]
    public async Task What_became_of_a_call_over_the_callers_own_provider_key_is_passed_on_with_its_status(int status, string? retryAfter)
    {
        const string body = """{"error":{"message":"Your own openai key 'mine' failed.","type":"server_error","param":null,"code":"own_key_failed"}}""";
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Adapters.Answer = context =>
        {
            if (retryAfter is not null) context.Response.Headers.RetryAfter = retryAfter;
            return AdaptersStandIn.Failing("own_key", status, body)(context);
        };
        using var answer = await edge.ChatAsync(edge.Customer());
        Assert.Equal((status, body, retryAfter), ((int)answer.StatusCode, await answer.TextAsync(), answer.Header("retry-after")));
        Assert.Empty(edge.Siblings.Billing.Releases);
    }

    [Fact]
    public async Task When_nobody_is_there_the_hold_is_released()
    {
        await using var edge = await Edge.StartAsync(settings: new Dictionary<string, string?> { ["services:adapters:http:0"] = $"http://127.0.0.1:{TestSockets.FreePort()}" });
        using var answer = await edge.ChatAsync(edge.Customer());
        await answer.AssertOpenAiErrorAsync(503, "server_error", "service_unavailable", Unavailable);
        await Eventually.True(() => edge.Siblings.Billing.Releases.Count == 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task When_ProviderAdapters_dies_or_errs_before_its_answer_the_hold_is_released(bool dies)
    {
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Adapters.Answer = context =>
        {
            if (dies) context.Abort();
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        using var answer = await edge.ChatAsync(edge.Customer());
        await answer.AssertOpenAiErrorAsync(503, "server_error", "service_unavailable", Unavailable);
        await Eventually.True(() => edge.Siblings.Billing.Releases.Count == 1);
        Assert.Single(edge.Siblings.Adapters.Calls);
    }

    [Theory]
    [InlineData("gpt-4o-mini", "gpt-4o-mini", "15")]
    [InlineData("org/模型:v1 x", "org%2F%E6%A8%A1%E5%9E%8B%3Av1%20x", "16")]
    public async Task ProviderAdapters_gets_the_clients_own_bytes_and_who_is_asking_and_nothing_else(string model, string encoded, string inputTokens)
    {
        await using var edge = await Edge.StartAsync();
        var customer = edge.Customer();
        var body = Encoding.UTF8.GetBytes($$"""{ "unknown" : [1.0, 1e5], "messages":[{"content":"Hello, world!","role":"user"}],{{"\t\r\n"}}"model":"{{model}}" }""");
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
        using var answer = await edge.SendAsync(HttpMethod.Post, "/v1/chat/completions", customer.Key, content, headers =>
        {
            headers.Add("x-stainless-lang", "js");
            headers.Add("Cookie", "a=b");
            headers.Add("traceparent", "00-11111111111111111111111111111111-2222222222222222-01");
            headers.Add("tracestate", "a=b");
            headers.Add("baggage", "secret=1");
            headers.Add("X-Forwarded-For", "1.2.3.4");
            headers.Add(CallHeaders.AccountId, Guid.Empty.ToString());
            headers.Add(CallHeaders.Internal, "gateway.forged");
        });

        var call = Assert.Single(edge.Siblings.Adapters.Calls);
        Assert.Equal(body, call.Body);
        Assert.DoesNotContain("11111111111111111111111111111111", call.Headers["traceparent"], StringComparison.Ordinal);
        Assert.Equal(
            new Dictionary<string, string>
            {
                [CallHeaders.RequestId] = answer.Header("x-request-id")!,
                [CallHeaders.AccountId] = customer.Principal.AccountId.ToString(),
                [CallHeaders.KeyId] = customer.Principal.KeyId.ToString(),
                [CallHeaders.Model] = encoded,
                [CallHeaders.InputTokens] = inputTokens,
            },
            call.Headers.Where(header => header.Key.StartsWith("x-", StringComparison.OrdinalIgnoreCase) && header.Key != CallHeaders.Internal).ToDictionary());
        Assert.Equal(
            ["Content-Length", "Content-Type", "Host", "traceparent", CallHeaders.AccountId, CallHeaders.InputTokens, CallHeaders.Internal, CallHeaders.KeyId, CallHeaders.Model, CallHeaders.RequestId],
            call.Headers.Keys.Order(StringComparer.OrdinalIgnoreCase));
    }
}
