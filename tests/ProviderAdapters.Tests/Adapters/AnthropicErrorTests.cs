using System.Net;
using System.Text;
using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.Anthropic;
using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ProviderAdapters.Clients;

namespace Aigc2d.ProviderAdapters.Tests.Anthropic;

public sealed class AnthropicErrorTests
{
    private static readonly ChannelModel Model = new("claude", "claude-haiku-4-5-20251001");

    private static readonly Channel Channel = new()
    {
        Id = Guid.CreateVersion7(),
        Provider = "anthropic",
        Name = "test",
        BaseUrl = new Uri("https://api.anthropic.example"),
        Credential = "sk-ant-secret-1234",
        Models = [Model],
        Priority = 0,
        Weight = 1,
        IsActive = true,
    };

    [Theory]
    [InlineData(400, "invalid_request_error", "max_tokens: field required", FaultScope.Call, CallFailure.InvalidRequest, 400)]
    [InlineData(413, "request_too_large", "too large", FaultScope.Call, CallFailure.InvalidRequest, 413)]
    [InlineData(400, "invalid_request_error", "Your credit balance is too low to access the API.", FaultScope.Account, CallFailure.ProviderError, 502)]
    [InlineData(400, "billing_error", "pay", FaultScope.Account, CallFailure.ProviderError, 502)]
    [InlineData(401, "authentication_error", "invalid x-api-key", FaultScope.Account, CallFailure.ProviderError, 502)]
    [InlineData(402, "billing_error", "pay", FaultScope.Account, CallFailure.ProviderError, 502)]
    [InlineData(403, "permission_error", "no", FaultScope.Account, CallFailure.ProviderError, 502)]
    [InlineData(404, "not_found_error", "model: x", FaultScope.Model, CallFailure.ProviderError, 502)]
    [InlineData(408, "timeout_error", "x", FaultScope.Attempt, CallFailure.ProviderError, 502)]
    [InlineData(409, "conflict_error", "x", FaultScope.Attempt, CallFailure.ProviderError, 502)]
    [InlineData(429, "rate_limit_error", "x", FaultScope.Limit, CallFailure.RateLimited, 429)]
    [InlineData(500, "api_error", "x", FaultScope.Attempt, CallFailure.ProviderError, 502)]
    [InlineData(503, "api_error", "x", FaultScope.Attempt, CallFailure.ProviderError, 502)]
    [InlineData(504, "timeout_error", "x", FaultScope.Attempt, CallFailure.ProviderError, 502)]
    [InlineData(529, "overloaded_error", "x", FaultScope.Attempt, CallFailure.ProviderError, 502)]
    [InlineData(302, "", "", FaultScope.Attempt, CallFailure.ProviderError, 502)]
    [InlineData(200, "overloaded_error", "x", FaultScope.Attempt, CallFailure.ProviderError, 502)]
    [InlineData(200, "rate_limit_error", "x", FaultScope.Limit, CallFailure.RateLimited, 429)]
    [InlineData(200, "authentication_error", "x", FaultScope.Account, CallFailure.ProviderError, 502)]
    [InlineData(200, "not_found_error", "x", FaultScope.Model, CallFailure.ProviderError, 502)]
    [InlineData(200, "invalid_request_error", "x", FaultScope.Call, CallFailure.InvalidRequest, 400)]
    public void Every_error_has_its_reach(int status, string type, string message, object scope, CallFailure failure, int shown)
    {
        var fault = Judge(status, $$"""{"type":"error","error":{"type":"{{type}}","message":"{{message}}"},"request_id":"req_011"}""");
        Assert.Equal(((FaultScope)scope, failure, shown), (fault.Scope, fault.Failure, fault.Status));
    }

    [Fact]
    public void The_clients_own_fault_is_told_cleaned_in_openais_envelope()
    {
        var fault = Judge(400, """{"type":"error","error":{"type":"invalid_request_error","message":"claude-haiku-4-5-20251001: temperature is wrong for org-ab12cd34 with sk-ant-secret-1234 at https://api.anthropic.example/v1, req_011CQ2"}}""");
        Assert.Equal(new ClientError("claude: temperature is wrong for *** with *** at *** ***", "invalid_request_error", null, "invalid_value"), fault.Error);
    }

    [Fact]
    public void A_refusal_by_content_rules_is_one()
    {
        var fault = Judge(400, """{"type":"error","error":{"type":"invalid_request_error","message":"Output blocked by content filtering policy"}}""");
        Assert.Equal((CallRefused.Unspecified, "content_policy_violation"), (fault.Refusal, fault.Error.Code));
    }

    [Fact]
    public void A_machine_code_is_passed_on() => Assert.Equal(
        "bad_image", Judge(400, """{"type":"error","error":{"type":"invalid_request_error","message":"x","details":{"error_code":"bad_image"}}}""").Error.Code);

    [Fact]
    public void A_prompt_that_is_too_long_has_openais_code() => Assert.Equal(
        new ClientError("prompt is too long: 210000 tokens > 200000 maximum", "invalid_request_error", "messages", "context_length_exceeded"),
        Judge(400, """{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"}}""").Error);

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("""{"error":"x"}""")]
    [InlineData("""{"error":{"message":5,"details":[]}}""")]
    public void Words_that_are_not_anthropics_do_no_harm(string body)
    {
        Assert.Equal((FaultScope.Attempt, 502), (Judge(500, body).Scope, Judge(500, body).Status));
        Assert.Equal((FaultScope.Call, 400), (Judge(400, body).Scope, Judge(400, body).Status));
    }

    [Fact]
    public void An_operator_reads_the_providers_words()
    {
        Assert.Equal("authentication_error: invalid x-api-key ***", Describe("""{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key sk-ant-secret-1234"}}"""));
        Assert.Equal("billing_error (low): pay", Describe("""{"error":{"type":"billing_error","message":"pay","details":{"error_code":"low"}}}"""));
        Assert.Equal("the answer is not Anthropic's error object", Describe("<html>"));
    }

    private static ProviderFault Judge(int status, string body) => AnthropicError.Judge((HttpStatusCode)status, Encoding.UTF8.GetBytes(body), Channel, Model);

    private static string Describe(string body) => AnthropicError.Describe(Encoding.UTF8.GetBytes(body), Channel, Model);
}
