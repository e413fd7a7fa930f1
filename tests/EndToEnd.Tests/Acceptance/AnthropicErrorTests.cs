namespace Aigc2d.EndToEnd.Tests.Acceptance;

/// <summary>Every class of error through Anthropic's official clients: their own exception, its words, and how many requests the client made of it.</summary>
public sealed class AnthropicErrorTests(Suite suite)
{
    public static readonly TheoryData<string> Clients = [Client.AnthropicJs0, Client.AnthropicJs1, Client.AnthropicDotNet];

    [Theory]
    [InlineData(Client.AnthropicJs0, "invalid", "BadRequestError 400 invalid_request_error invalid_value max_tokens id", "400")]
    [InlineData(Client.AnthropicJs0, "wrongKey", "AuthenticationError 401 authentication_error invalid_api_key - id", "401")]
    [InlineData(Client.AnthropicJs0, "notAllowed", "PermissionDeniedError 403 permission_error model_not_allowed model id", "403")]
    [InlineData(Client.AnthropicJs0, "unknownModel", "NotFoundError 404 not_found_error model_not_found model id", "404")]
    [InlineData(Client.AnthropicJs0, "tooLarge", "APIError 413 request_too_large - - id", "413")]
    [InlineData(Client.AnthropicJs0, "noChannel", "InternalServerError 503 overloaded_error service_unavailable - id", "503 503 503")]
    [InlineData(Client.AnthropicJs1, "invalid", "BadRequestError 400 invalid_request_error invalid_value max_tokens id", "400")]
    [InlineData(Client.AnthropicJs1, "wrongKey", "AuthenticationError 401 authentication_error invalid_api_key - id", "401")]
    [InlineData(Client.AnthropicJs1, "notAllowed", "PermissionDeniedError 403 permission_error model_not_allowed model id", "403")]
    [InlineData(Client.AnthropicJs1, "unknownModel", "NotFoundError 404 not_found_error model_not_found model id", "404")]
    [InlineData(Client.AnthropicJs1, "tooLarge", "ContentTooLargeError 413 request_too_large - - id", "413")]
    [InlineData(Client.AnthropicJs1, "noChannel", "ServiceUnavailableError 503 overloaded_error service_unavailable - id", "503 503 503")]
    [InlineData(Client.AnthropicDotNet, "invalid", "AnthropicBadRequestException 400 invalid_request_error invalid_value id", "400")]
    [InlineData(Client.AnthropicDotNet, "wrongKey", "AnthropicUnauthorizedException 401 authentication_error invalid_api_key id", "401")]
    [InlineData(Client.AnthropicDotNet, "notAllowed", "AnthropicForbiddenException 403 permission_error model_not_allowed id", "403")]
    [InlineData(Client.AnthropicDotNet, "unknownModel", "AnthropicNotFoundException 404 not_found_error model_not_found id", "404")]
    [InlineData(Client.AnthropicDotNet, "tooLarge", "AnthropicContentTooLargeException 413 request_too_large - id", "413")]
    [InlineData(Client.AnthropicDotNet, "noChannel", "AnthropicServiceUnavailableException 503 overloaded_error service_unavailable id", "503 503 503")]
    public Task A_refusal_has_the_clients_own_class_and_is_free(string client, string scenario, string error, string requests) =>
        suite.AssertSeenAsync(client, scenario, $"\"{error}\"", requests);

    [Theory]
    [InlineData(Client.AnthropicJs0, "APIError 402 billing_error insufficient_quota - id")]
    [InlineData(Client.AnthropicJs1, "PaymentRequiredError 402 billing_error insufficient_quota - id")]
    [InlineData(Client.AnthropicDotNet, "AnthropicPaymentRequiredException 402 billing_error insufficient_quota id")]
    public Task Without_points_no_client_asks_twice(string client, string error) => suite.AssertSeenAsync(client, "noPoints", $"\"{error}\"", "402", opening: 0);

    [Theory]
    [InlineData(Client.AnthropicJs0, "ConflictError 409 conflict_error idempotency_conflict - id")]
    [InlineData(Client.AnthropicJs1, "ConflictError 409 conflict_error idempotency_conflict - id")]
    [InlineData(Client.AnthropicDotNet, "AnthropicConflictException 409 conflict_error idempotency_conflict id")]
    public Task A_used_idempotency_key_with_another_body_is_a_conflict_that_no_client_repeats(string client, string error) =>
        suite.AssertSeenAsync(client, "idempotency", $"\"{error}\"", "200 409", "10/9 completed");

    [Theory]
    [InlineData(Client.AnthropicJs0, "RateLimitError 429 rate_limit_error rate_limit_exceeded - id")]
    [InlineData(Client.AnthropicJs1, "RateLimitError 429 rate_limit_error rate_limit_exceeded - id")]
    [InlineData(Client.AnthropicDotNet, "AnthropicRateLimitException 429 rate_limit_error rate_limit_exceeded id")]
    public Task A_limit_is_told_and_only_what_ran_is_charged(string client, string error) =>
        suite.AssertSeenAsync(client, "tooMany", $$"""{"first":"nothing","second":"{{error}}"}""", "200 429 429 429", "10/9 completed");

    [Theory]
    [InlineData(Client.AnthropicJs0, "InternalServerError 502 api_error provider_error - id")]
    [InlineData(Client.AnthropicJs1, "InternalServerError 502 api_error provider_error - id")]
    [InlineData(Client.AnthropicDotNet, "Anthropic5xxException 502 api_error provider_error id")]
    public Task A_failing_provider_is_asked_at_most_three_times_for_each_request_and_is_free(string client, string error) =>
        suite.AssertProviderFailsAsync(client, error, "502 502 502");

    [Theory]
    [InlineData(Client.AnthropicJs0, "InternalServerError 504 timeout_error provider_timeout - id")]
    [InlineData(Client.AnthropicJs1, "GatewayTimeoutError 504 timeout_error provider_timeout - id")]
    [InlineData(Client.AnthropicDotNet, "AnthropicGatewayTimeoutException 504 timeout_error provider_timeout id")]
    public Task A_silent_provider_is_given_up_before_the_client_gives_up_asked_once_for_each_request_and_is_free(string client, string error) =>
        suite.AssertSeenAsync(client, "providerSilent", $$"""{"seen":"{{error}}","asked":3}""", "504 504 504");

    [Theory, MemberData(nameof(Clients))]
    public async Task A_slow_answer_that_makes_the_client_ask_again_is_charged_once(string client)
    {
        foreach (var scenario in new[] { "slowOnce", "slowByDefault" })
            await suite.AssertSeenAsync(client, scenario, """{"text":"Hello! The sandbox is here to help.","asked":2}""", "504 200", "10/9 completed");
    }
}
