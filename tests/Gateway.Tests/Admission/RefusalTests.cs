using System.Text.Json;
using Aigc2d.Contracts.Billing;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Gateway.Tests.Stands;
using Aigc2d.TestKit;

namespace Aigc2d.Gateway.Tests.Admission;

public sealed class RefusalTests
{
    private const string InvalidRequest = "invalid_request_error";
    private static readonly Guid First = Guid.Parse("01930000-0000-7000-8000-000000000001");

    [Fact]
    public async Task A_forbidden_prompt_is_told_its_category_and_where_to_appeal()
    {
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Moderation.Judge = _ => new() { Action = VerdictAction.Block, Category = "malware", Rules = ["secret-rule"] };
        using var answer = await edge.ChatAsync(edge.Customer());
        var appeal = $"{edge.Public.BaseAddress}api/appeals?request={answer.Header("x-request-id")}";
        var error = await answer.AssertOpenAiErrorAsync(
            400, InvalidRequest, "content_policy_violation",
            $"Your request was refused by the content rules (category: malware). It was not sent to any provider and is not charged. If you think this is wrong, appeal: {appeal}");
        Assert.Equal(("malware", appeal), (error.GetProperty("category").GetString(), error.GetProperty("appeal").GetString()));
        Assert.DoesNotContain("secret-rule", await answer.TextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deployment_says_where_appeals_go()
    {
        await using var edge = await Edge.StartAsync(settings: new Dictionary<string, string?> { ["Public:Url"] = "https://api.example.org/" });
        edge.Siblings.Moderation.Judge = _ => new() { Action = VerdictAction.Block, Category = "hate" };
        using var answer = await edge.ChatAsync(edge.Customer());
        var error = JsonDocument.Parse(await answer.TextAsync()).RootElement.GetProperty("error");
        Assert.Equal($"https://api.example.org/api/appeals?request={answer.Header("x-request-id")}", error.GetProperty("appeal").GetString());
    }

    [Fact]
    public async Task A_lack_of_points_is_402_and_not_to_be_retried()
    {
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Billing.Decide = _ => new() { Outcome = HoldOutcome.InsufficientPoints, Micropoints = 2_114_000, AvailableMicropoints = 12_345 };
        using var answer = await edge.ChatAsync(edge.Customer());
        await answer.AssertOpenAiErrorAsync(
            402, "insufficient_quota", "insufficient_quota", "This call may cost up to 2.114 points, and 0.012345 are available. Recharge, or shorten 'messages' or 'max_tokens'.");
        Assert.Equal("false", answer.Header("x-should-retry"));
    }

    [Theory]
    [InlineData(21, 0, 0, "60")]
    [InlineData(23, 59, 30, "30")]
    public async Task A_day_cap_that_is_reached_is_429_until_midnight_but_no_client_is_put_to_sleep_for_long(int hour, int minute, int second, string retryAfter)
    {
        await using var edge = await Edge.StartAsync(new TestClock(new DateTimeOffset(2026, 3, 4, hour, minute, second, TimeSpan.Zero)));
        edge.Siblings.Billing.Decide = _ => new() { Outcome = HoldOutcome.DayCapReached };
        using var answer = await edge.ChatAsync(edge.Customer());
        await answer.AssertOpenAiErrorAsync(
            429, "points", "rate_limit_exceeded", "The points that this account or key may spend per day (UTC) are used up. Raise the cap, or try again tomorrow.");
        Assert.Equal((retryAfter, "false"), (answer.Header("retry-after"), answer.Header("x-should-retry")));
    }

    [Fact]
    public async Task A_model_without_a_price_is_404()
    {
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Billing.Decide = _ => new() { Outcome = HoldOutcome.UnknownModel };
        using var answer = await edge.ChatAsync(edge.Customer());
        await answer.AssertOpenAiErrorAsync(
            404, InvalidRequest, "model_not_found", "The model 'gpt-4o-mini' does not exist or is not offered. GET /v1/models lists what your key may call.", "model");
    }

    [Theory]
    [InlineData("", "This model's context length is 8192 tokens, and your request needs about 11. Shorten 'messages' or 'max_tokens'.")]
    [InlineData(",\"max_tokens\":9000", "This model's context length is 8192 tokens, and your request needs about 9011, 9000 of them for the answer. Shorten 'messages' or 'max_tokens'.")]
    public async Task Too_long_a_prompt_is_400_with_the_models_limit(string limit, string message)
    {
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Billing.Decide = _ => new() { Outcome = HoldOutcome.ContextLengthExceeded, ContextTokens = 8192 };
        using var answer = await edge.ChatAsync(edge.Customer(), $"{Edge.Hello[..^1]}{limit}}}");
        await answer.AssertOpenAiErrorAsync(400, InvalidRequest, "context_length_exceeded", message, "messages");
    }

    [Fact]
    public async Task Sealed_points_are_403()
    {
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Billing.Decide = _ => new() { Outcome = HoldOutcome.AccountBlocked };
        using var answer = await edge.ChatAsync(edge.Customer());
        await answer.AssertOpenAiErrorAsync(403, InvalidRequest, "account_suspended", "The points of your account are sealed, or its balance is below zero.");
    }

    [Fact]
    public async Task A_hold_that_cannot_be_priced_is_400()
    {
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Billing.Decide = _ => new() { Outcome = HoldOutcome.Invalid };
        using var answer = await edge.ChatAsync(edge.Customer());
        await answer.AssertOpenAiErrorAsync(
            400, InvalidRequest, "invalid_value", "The size of this request is out of range; shorten 'messages' or 'max_tokens'.", "max_tokens");
    }

    [Fact]
    public async Task A_model_that_is_not_paid_by_tokens_cannot_chat()
    {
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Billing.Decide = _ => new() { Outcome = HoldOutcome.NotPriced };
        using var answer = await edge.ChatAsync(edge.Customer());
        await answer.AssertOpenAiErrorAsync(
            400, InvalidRequest, "invalid_value", "The model 'gpt-4o-mini' cannot be called here: its price has no rate for what this request asks. GET /api/prices shows what it is paid by.", "model");
    }

    [Fact]
    public async Task A_request_id_that_Billing_has_refused_before_closes()
    {
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Billing.Decide = _ => new() { Outcome = HoldOutcome.RequestIdConflict };
        using var answer = await edge.ChatAsync(edge.Customer());
        await answer.AssertOpenAiErrorAsync(503, "server_error", "service_unavailable", "The service is briefly unavailable; nothing was charged. Try again.");
    }

    [Theory]
    [InlineData(HoldOutcome.IdempotencyReplayed, 138_000L, "idempotency_replayed", "Request 01930000-0000-7000-8000-000000000001 came first with this Idempotency-Key and was charged 0.138 points. Answers are not stored; use a new key for a new request.")]
    [InlineData(HoldOutcome.IdempotencyConflict, null, "idempotency_conflict", "This Idempotency-Key was used by request 01930000-0000-7000-8000-000000000001 with another body. Use a new key for a new request.")]
    public async Task A_used_idempotency_key_is_409_with_the_first_request_and_its_charge(HoldOutcome outcome, long? charge, string code, string message)
    {
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Billing.Decide = _ => new() { Outcome = outcome, FirstRequestId = First, FirstChargeMicropoints = charge };
        using var answer = await edge.ChatAsync(edge.Customer(), headers: headers => headers.Add("Idempotency-Key", "order-1"));
        var error = await answer.AssertOpenAiErrorAsync(409, InvalidRequest, code, message);
        Assert.Equal((First.ToString(), charge), (error.GetProperty("request_id").GetString(), error.GetProperty("charge_micropoints").Deserialize<long?>()));
        Assert.Equal("false", answer.Header("x-should-retry"));
        Assert.Empty(edge.Siblings.Adapters.Calls);
    }

    [Fact]
    public async Task While_the_first_request_with_a_key_is_open_clients_are_let_to_ask_again()
    {
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Billing.Decide = _ => new() { Outcome = HoldOutcome.IdempotencyReplayed, FirstRequestId = First };
        using var answer = await edge.ChatAsync(edge.Customer(), headers: headers => headers.Add("Idempotency-Key", "order-1"));
        var error = await answer.AssertOpenAiErrorAsync(
            409, InvalidRequest, "idempotency_replayed", $"Request {First} came first with this Idempotency-Key and is still running. Answers are not stored; ask again when it has ended, or use a new key for a new request.");
        Assert.Equal((First.ToString(), null), (error.GetProperty("request_id").GetString(), error.GetProperty("charge_micropoints").Deserialize<long?>()));
        Assert.Equal((null, "1"), (answer.Header("x-should-retry"), answer.Header("Retry-After")));
        Assert.Empty(edge.Siblings.Adapters.Calls);
    }

    [Fact]
    public async Task Idempotency_keys_and_bodies_reach_Billing_only_as_keyed_hashes()
    {
        await using var edge = await Edge.StartAsync();
        var customer = edge.Customer();
        foreach (var (key, body) in new[] { ("order-1", Edge.Hello), ("order-1", Edge.Hello), ("order-2", Edge.Hello), ("order-1", Edge.Hello + " ") })
            (await edge.ChatAsync(customer, body, headers => headers.Add("Idempotency-Key", key))).Dispose();
        (await edge.ChatAsync(customer)).Dispose();

        var holds = edge.Siblings.Billing.Holds.ToArray();
        Assert.All(holds[..4], hold => Assert.Matches("^[0-9a-f]{64} [0-9a-f]{64}$", $"{hold.IdempotencyKeyHash} {hold.BodyHash}"));
        Assert.Equal((holds[0].IdempotencyKeyHash, holds[0].BodyHash), (holds[1].IdempotencyKeyHash, holds[1].BodyHash));
        Assert.Equal((false, true), (holds[2].IdempotencyKeyHash == holds[0].IdempotencyKeyHash, holds[2].BodyHash == holds[0].BodyHash));
        Assert.Equal((true, false), (holds[3].IdempotencyKeyHash == holds[0].IdempotencyKeyHash, holds[3].BodyHash == holds[0].BodyHash));
        Assert.Equal((null, null), (holds[4].IdempotencyKeyHash, holds[4].BodyHash));
    }

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("a,b", "c")]
    public async Task An_unusable_idempotency_key_is_400_before_anything_is_asked(params string[] keys)
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.ChatAsync(edge.Customer(), headers: headers => Array.ForEach(keys, key => headers.TryAddWithoutValidation("Idempotency-Key", key)));
        await answer.AssertOpenAiErrorAsync(400, InvalidRequest, "invalid_value", "Invalid 'Idempotency-Key': send one, of 1 to 255 printable ASCII characters.", "Idempotency-Key");
        Assert.Empty(edge.Siblings.Billing.Holds);
    }
}
