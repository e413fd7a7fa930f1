using System.Net.Http.Headers;
using Aigc2d.Contracts.Accounts;
using Aigc2d.Gateway.Tests.Stands;

namespace Aigc2d.Gateway.Tests.Errors;

public sealed class AccessErrorTests
{
    private const string InvalidRequest = "invalid_request_error";
    private const string WrongKey = "Incorrect API key provided: AIGC2D-****. Check that the key is complete, not revoked and not expired.";
    private const string Unavailable = "The service is briefly unavailable; nothing was charged. Try again.";

    [Fact]
    public async Task An_allowed_call_is_answered_with_the_providers_bytes()
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.ChatAsync(edge.Customer());
        Assert.Equal((200, AdaptersStandIn.Completion), ((int)answer.StatusCode, await answer.TextAsync()));
    }

    [Fact]
    public async Task A_missing_key_is_401_without_a_code()
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Post, "/v1/chat/completions", null, Edge.Json(Edge.Hello));
        await answer.AssertOpenAiErrorAsync(401, InvalidRequest, null, "You did not provide an API key. Send it in the header 'Authorization: Bearer AIGC2D-…'.");
    }

    [Theory]
    [InlineData("AIGC2D-")]
    [InlineData("aigc2d-2f68dbbf-519d-4f01-9636-e2421b68f379")]
    [InlineData("AIGC2D-2F68DBBF-519D-4F01-9636-E2421B68F379")]
    [InlineData("AIGC2D-2f68dbbf519d4f019636e2421b68f379")]
    [InlineData("AIGC2D-2f68dbbf-519d-4f01-9636-e2421b68f379-1")]
    [InlineData("AIGC2D-2f68dbbf-519d-4f01-9636-e2421b68f37g")]
    [InlineData("' or 1=1 --")]
    [InlineData("sk-abc")]
    public async Task A_malformed_key_is_401_and_nobody_is_asked(string key)
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Post, "/v1/chat/completions", null, Edge.Json(Edge.Hello), headers => headers.TryAddWithoutValidation("Authorization", $"Bearer {key}"));
        await answer.AssertOpenAiErrorAsync(401, InvalidRequest, "invalid_api_key", WrongKey);
        Assert.Equal(0, edge.Siblings.Accounts.Verified);
    }

    [Fact]
    public async Task A_key_of_4_KB_is_401_and_nobody_is_asked()
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Get, "/v1/models", new string('a', 4096));
        await answer.AssertOpenAiErrorAsync(401, InvalidRequest, "invalid_api_key", WrongKey);
        Assert.Equal(0, edge.Siblings.Accounts.Verified);
    }

    [Fact]
    public async Task A_key_in_the_query_is_no_key()
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Get, $"/v1/models?key={edge.Customer().Key}&api_key={edge.Customer().Key}", null);
        await answer.AssertOpenAiErrorAsync(401, InvalidRequest, null, "You did not provide an API key. Send it in the header 'Authorization: Bearer AIGC2D-…'.");
    }

    [Fact]
    public async Task An_unknown_key_is_401()
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Post, "/v1/chat/completions", "AIGC2D-2f68dbbf-519d-4f01-9636-e2421b68f379", Edge.Json(Edge.Hello));
        await answer.AssertOpenAiErrorAsync(401, InvalidRequest, "invalid_api_key", WrongKey);
        Assert.Equal(1, edge.Siblings.Accounts.Verified);
    }

    [Theory]
    [InlineData("x-api-key")]
    [InlineData("mj-api-secret")]
    public async Task The_headers_of_other_clients_carry_the_key_too(string header)
    {
        await using var edge = await Edge.StartAsync();
        var customer = edge.Customer();
        using var alone = await edge.SendAsync(HttpMethod.Get, "/v1/models", null, null, headers => headers.Add(header, customer.Key));
        using var twice = await edge.SendAsync(HttpMethod.Get, "/v1/models", customer.Key, null, headers => headers.Add(header, customer.Key));
        using var another = await edge.SendAsync(HttpMethod.Get, "/v1/models", customer.Key, null, headers => headers.Add(header, edge.Customer().Key));
        Assert.Equal((200, 200), ((int)alone.StatusCode, (int)twice.StatusCode));
        await another.AssertOpenAiErrorAsync(401, InvalidRequest, "invalid_api_key", "Two different API keys were sent in one request. Send one.");
    }

    [Fact]
    public async Task Another_scheme_beside_a_key_counts_as_a_second_credential()
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Get, "/v1/models", null, null, headers =>
        {
            headers.Authorization = new AuthenticationHeaderValue("Basic", "YTpi");
            headers.Add("x-api-key", edge.Customer().Key);
        });
        await answer.AssertOpenAiErrorAsync(401, InvalidRequest, "invalid_api_key", "Two different API keys were sent in one request. Send one.");
    }

    [Fact]
    public async Task An_expired_key_is_401()
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.ChatAsync(edge.Customer(p => p with { ExpiresAt = TimeProvider.System.GetUtcNow().AddSeconds(-1) }));
        await answer.AssertOpenAiErrorAsync(401, InvalidRequest, "invalid_api_key", WrongKey);
    }

    [Fact]
    public async Task A_key_without_the_scope_is_403()
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.ChatAsync(edge.Customer(p => p with { Scopes = ["account"] }));
        await answer.AssertOpenAiErrorAsync(403, InvalidRequest, "insufficient_permissions", "This API key lacks the scope 'inference'.");
    }

    [Fact]
    public async Task A_key_may_be_bound_to_networks()
    {
        await using var edge = await Edge.StartAsync();
        using var inside = await edge.ChatAsync(edge.Customer(p => p with { IpRanges = ["10.0.0.0/8", "127.0.0.0/8"] }));
        using var single = await edge.ChatAsync(edge.Customer(p => p with { IpRanges = ["127.0.0.1"] }));
        using var outside = await edge.ChatAsync(edge.Customer(p => p with { IpRanges = ["10.0.0.0/8", "nonsense"] }));
        Assert.Equal((200, 200), ((int)inside.StatusCode, (int)single.StatusCode));
        await outside.AssertOpenAiErrorAsync(401, InvalidRequest, "ip_not_authorized", "This API key may not be used from your network address.");
    }

    [Fact]
    public async Task A_suspended_account_is_403_and_told_why_and_how_long()
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.ChatAsync(edge.Customer(p => p with
        {
            Standing = new Standing { State = "frozen", Until = new DateTimeOffset(2090, 5, 1, 10, 0, 0, TimeSpan.FromHours(2)), Reason = "third strike in 7 days" },
        }));
        await answer.AssertOpenAiErrorAsync(403, InvalidRequest, "account_suspended", "Your account is frozen until 2090-05-01T08:00:00Z. Reason: third strike in 7 days");
    }

    [Fact]
    public async Task A_freeze_that_is_over_no_longer_matters()
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.ChatAsync(edge.Customer(p => p with { Standing = new Standing { State = "frozen", Until = TimeProvider.System.GetUtcNow().AddSeconds(-1) } }));
        Assert.Equal(200, (int)answer.StatusCode);
    }

    [Fact]
    public async Task A_model_the_key_may_not_call_is_403_when_it_exists_and_404_when_it_does_not()
    {
        await using var edge = await Edge.StartAsync();
        var customer = edge.Customer(p => p with { Models = ["gpt-4o"] });
        using var exists = await edge.ChatAsync(customer);
        using var unknown = await edge.ChatAsync(customer, Edge.Hello.Replace("gpt-4o-mini", "gpt-0"));
        await exists.AssertOpenAiErrorAsync(403, InvalidRequest, "model_not_allowed", "This API key may not call the model 'gpt-4o-mini'.", "model");
        await unknown.AssertOpenAiErrorAsync(404, InvalidRequest, "model_not_found", "The model 'gpt-0' does not exist or is not offered. GET /v1/models lists what your key may call.", "model");
        Assert.Empty(edge.Siblings.Billing.Holds);
    }

    [Fact]
    public async Task An_unknown_key_is_503_while_Accounts_is_down()
    {
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Accounts.IsDown = true;
        using var answer = await edge.ChatAsync(edge.Customer());
        await answer.AssertOpenAiErrorAsync(503, "server_error", "service_unavailable", Unavailable);
        Assert.Equal(("1", "1000"), (answer.Header("retry-after"), answer.Header("retry-after-ms")));
    }
}
