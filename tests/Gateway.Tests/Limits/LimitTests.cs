using Aigc2d.Gateway.Tests.Stands;
using Aigc2d.TestKit;

namespace Aigc2d.Gateway.Tests.Limits;

public sealed class LimitTests
{
    private const string HundredTokens = """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello, world!"}],"max_tokens":89}""";

    [Fact]
    public async Task Of_200_parallel_requests_exactly_as_many_go_on_as_the_plan_allows()
    {
        await using var edge = await Edge.StartAsync(new TestClock());
        var customer = edge.Customer(p => p with { Plan = p.Plan with { RequestsPerMinute = 10 } });
        var statuses = await StatusesAsync(edge, customer, 200, Edge.Hello);
        Assert.Equal((10, 190, 10), (statuses.Count(s => s == 200), statuses.Count(s => s == 429), edge.Siblings.Adapters.Calls.Count));
    }

    [Fact]
    public async Task Tokens_count_with_the_output_that_the_client_asks_for()
    {
        await using var edge = await Edge.StartAsync(new TestClock());
        var customer = edge.Customer(p => p with { Plan = p.Plan with { TokensPerMinute = 1000 } });
        var statuses = await StatusesAsync(edge, customer, 200, HundredTokens);
        Assert.Equal((10, 190), (statuses.Count(s => s == 200), statuses.Count(s => s == 429)));
        Assert.Equal(10, edge.Siblings.Billing.Holds.Count);
    }

    [Fact]
    public async Task Output_that_only_the_price_row_limits_counts_too_and_what_is_beyond_is_released()
    {
        await using var edge = await Edge.StartAsync(new TestClock());
        var customer = edge.Customer(p => p with { Plan = p.Plan with { TokensPerMinute = 1000 } });
        // Calls that are still being decided keep room for their prompts, so the race may admit fewer; never more.
        var raced = (await StatusesAsync(edge, customer, 50, Edge.Hello)).Count(s => s == 200);
        Assert.InRange(raced, 1, 9);
        var later = 0;
        for (var i = 0; i < 10; i++) later += (await StatusesAsync(edge, customer, 1, Edge.Hello)).Count(s => s == 200);
        Assert.Equal(9, raced + later);
        await Eventually.True(() => edge.Siblings.Billing.Releases.Count == edge.Siblings.Billing.Holds.Count - 9);
        Assert.All(edge.Siblings.Billing.Releases, release => Assert.Equal("rate_limited", release.Reason));
    }

    [Fact]
    public async Task Only_so_many_calls_run_at_once_and_an_ended_call_makes_room()
    {
        await using var edge = await Edge.StartAsync(new TestClock());
        var gate = new TaskCompletionSource();
        edge.Siblings.Adapters.Answer = async context =>
        {
            await gate.Task;
            await AdaptersStandIn.JsonAsync(context, AdaptersStandIn.Completion);
        };
        var customer = edge.Customer(p => p with { Plan = p.Plan with { ConcurrentCalls = 5 } });
        var calls = Enumerable.Range(0, 20).Select(_ => edge.ChatAsync(customer)).ToList();
        await Eventually.True(() => calls.Count(call => call.IsCompleted) == 15);
        foreach (var call in calls.Where(call => call.IsCompleted).ToArray())
        {
            await (await call).AssertOpenAiErrorAsync(429, "requests", "rate_limit_exceeded", "Too many calls of your account are running at once. Try again later.");
            Assert.Equal("1", (await call).Header("retry-after"));
        }

        gate.SetResult();
        Assert.Equal(5, (await Task.WhenAll(calls)).Count(answer => (int)answer.StatusCode == 200));
        using var next = await edge.ChatAsync(customer);
        Assert.Equal(200, (int)next.StatusCode);
    }

    [Fact]
    public async Task Answers_tell_the_limits_and_refusals_when_to_come_back()
    {
        var clock = new TestClock();
        await using var edge = await Edge.StartAsync(clock);
        var customer = edge.Customer(p => p with { Plan = p.Plan with { RequestsPerMinute = 2, TokensPerMinute = 6000 } });
        using var first = await edge.ChatAsync(customer, HundredTokens);
        using var second = await edge.ChatAsync(customer, HundredTokens);
        clock.Advance(TimeSpan.FromSeconds(10));
        using var third = await edge.ChatAsync(customer, HundredTokens);
        clock.Advance(TimeSpan.FromSeconds(20));
        using var fourth = await edge.ChatAsync(customer, HundredTokens);

        Assert.Equal(("2", "1", "30s", "6000", "5900", "1s"), HeadersOf(first));
        Assert.Equal(("2", "0", "1m0s", "6000", "5800", "2s"), HeadersOf(second));
        Assert.Equal(("2", "0", "50s", "6000", "6000", "0ms"), HeadersOf(third));
        await third.AssertOpenAiErrorAsync(429, "requests", "rate_limit_exceeded", "You have used the 2 requests per minute of your plan. Try again later.");
        Assert.Equal(("20", "20000"), (third.Header("retry-after"), third.Header("retry-after-ms")));
        Assert.Equal((200, "0"), ((int)fourth.StatusCode, fourth.Header("x-ratelimit-remaining-requests")));
    }

    [Fact]
    public async Task A_request_that_never_fits_is_told_so()
    {
        await using var edge = await Edge.StartAsync(new TestClock());
        using var answer = await edge.ChatAsync(edge.Customer(p => p with { Plan = p.Plan with { TokensPerMinute = 99 } }), HundredTokens);
        await answer.AssertOpenAiErrorAsync(
            429, "tokens", "rate_limit_exceeded", "This request alone needs more than the 99 tokens per minute of your plan. Shorten 'messages' or 'max_tokens'.");
        Assert.Equal(("false", "99"), (answer.Header("x-should-retry"), answer.Header("x-ratelimit-remaining-tokens")));
    }

    [Fact]
    public async Task Tokens_of_a_refused_call_are_free_again_but_the_request_is_counted()
    {
        await using var edge = await Edge.StartAsync(new TestClock());
        edge.Siblings.Moderation.Judge = _ => new() { Action = Contracts.Moderation.VerdictAction.Block, Category = "hate" };
        var customer = edge.Customer(p => p with { Plan = p.Plan with { RequestsPerMinute = 2, TokensPerMinute = 100 } });
        using var blocked = await edge.ChatAsync(customer, HundredTokens);
        edge.Siblings.Moderation.Judge = _ => ModerationStandIn.Allow;
        using var allowed = await edge.ChatAsync(customer, HundredTokens);
        using var third = await edge.ChatAsync(customer, HundredTokens);
        Assert.Equal((400, 200, 429), ((int)blocked.StatusCode, (int)allowed.StatusCode, (int)third.StatusCode));
    }

    [Fact]
    public async Task Accounts_do_not_share_their_limits()
    {
        await using var edge = await Edge.StartAsync(new TestClock());
        var (one, other) = (edge.Customer(p => p with { Plan = p.Plan with { RequestsPerMinute = 1 } }), edge.Customer(p => p with { Plan = p.Plan with { RequestsPerMinute = 1 } }));
        Assert.Equal((200, 429), await StatusesInTurnAsync(edge, one));
        Assert.Equal((200, 429), await StatusesInTurnAsync(edge, other));
    }

    private static async Task<(int First, int Second)> StatusesInTurnAsync(Edge edge, Customer customer)
    {
        using var first = await edge.ChatAsync(customer);
        using var second = await edge.ChatAsync(customer);
        return ((int)first.StatusCode, (int)second.StatusCode);
    }

    private static async Task<int[]> StatusesAsync(Edge edge, Customer customer, int count, string body)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => edge.ChatAsync(customer, body)));
        return [.. answers.Select(answer => (int)answer.StatusCode)];
    }

    private static (string? LimitRequests, string? RemainingRequests, string? ResetRequests, string? LimitTokens, string? RemainingTokens, string? ResetTokens) HeadersOf(HttpResponseMessage answer) => (
        answer.Header("x-ratelimit-limit-requests"), answer.Header("x-ratelimit-remaining-requests"), answer.Header("x-ratelimit-reset-requests"),
        answer.Header("x-ratelimit-limit-tokens"), answer.Header("x-ratelimit-remaining-tokens"), answer.Header("x-ratelimit-reset-tokens"));
}
