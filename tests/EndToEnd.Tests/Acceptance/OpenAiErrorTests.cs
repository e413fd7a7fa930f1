namespace Aigc2d.EndToEnd.Tests.Acceptance;

/// <summary>Every class of error through OpenAI's official clients: their own exception, its words, and how many requests the client made of it.</summary>
public sealed class OpenAiErrorTests(Suite suite)
{
    [Theory]
    [InlineData(Client.OpenAiJs, "invalid", "BadRequestError 400 invalid_request_error invalid_value max_completion_tokens id", "400")]
    [InlineData(Client.OpenAiJs, "wrongKey", "AuthenticationError 401 invalid_request_error invalid_api_key - id", "401")]
    [InlineData(Client.OpenAiJs, "notAllowed", "PermissionDeniedError 403 invalid_request_error model_not_allowed model id", "403")]
    [InlineData(Client.OpenAiJs, "unknownModel", "NotFoundError 404 invalid_request_error model_not_found model id", "404")]
    [InlineData(Client.OpenAiJs, "tooLarge", "APIError 413 invalid_request_error - - id", "413")]
    [InlineData(Client.OpenAiJs, "noChannel", "InternalServerError 503 server_error service_unavailable - id", "503 503 503")]
    [InlineData(Client.OpenAiDotNet, "invalid", "ClientResultException 400 HTTP 400 (invalid_request_error: invalid_value) Parameter: max_completion_tokens id", "400")]
    [InlineData(Client.OpenAiDotNet, "wrongKey", "ClientResultException 401 HTTP 401 (invalid_request_error: invalid_api_key) id", "401")]
    [InlineData(Client.OpenAiDotNet, "notAllowed", "ClientResultException 403 HTTP 403 (invalid_request_error: model_not_allowed) Parameter: model id", "403")]
    [InlineData(Client.OpenAiDotNet, "unknownModel", "ClientResultException 404 HTTP 404 (invalid_request_error: model_not_found) Parameter: model id", "404")]
    [InlineData(Client.OpenAiDotNet, "tooLarge", "ClientResultException 413 HTTP 413 (invalid_request_error: ) id", "413")]
    [InlineData(Client.OpenAiDotNet, "noChannel", "ClientResultException 503 HTTP 503 (server_error: service_unavailable) id", "503 503 503 503")]
    public Task A_refusal_has_the_clients_own_class_and_is_free(string client, string scenario, string error, string requests) =>
        suite.AssertSeenAsync(client, scenario, $"\"{error}\"", requests);

    [Theory]
    [InlineData(Client.OpenAiJs, "APIError 402 insufficient_quota insufficient_quota - id")]
    [InlineData(Client.OpenAiDotNet, "ClientResultException 402 HTTP 402 (insufficient_quota: insufficient_quota) id")]
    public Task Without_points_no_client_asks_twice(string client, string error) => suite.AssertSeenAsync(client, "noPoints", $"\"{error}\"", "402", opening: 0);

    [Theory]
    [InlineData(Client.OpenAiJs, "ConflictError 409 invalid_request_error idempotency_conflict - id")]
    [InlineData(Client.OpenAiDotNet, "ClientResultException 409 HTTP 409 (invalid_request_error: idempotency_conflict) id")]
    public Task A_used_idempotency_key_with_another_body_is_a_conflict_that_no_client_repeats(string client, string error) =>
        suite.AssertSeenAsync(client, "idempotency", $"\"{error}\"", "200 409", "10/9 completed");

    [Theory]
    [InlineData(Client.OpenAiJs, "RateLimitError 429 requests rate_limit_exceeded - id", "200 429 429 429")]
    [InlineData(Client.OpenAiDotNet, "ClientResultException 429 HTTP 429 (requests: rate_limit_exceeded) id", "200 429 429 429 429")]
    public Task A_limit_is_told_and_only_what_ran_is_charged(string client, string error, string requests) =>
        suite.AssertSeenAsync(client, "tooMany", $$"""{"first":"nothing","second":"{{error}}"}""", requests, "10/9 completed");

    [Theory]
    [InlineData(Client.OpenAiJs, "InternalServerError 502 server_error provider_error - id", "502 502 502")]
    [InlineData(Client.OpenAiDotNet, "ClientResultException 502 HTTP 502 (server_error: provider_error) id", "502 502 502 502")]
    public Task A_failing_provider_is_asked_at_most_three_times_for_each_request_and_is_free(string client, string error, string requests) =>
        suite.AssertProviderFailsAsync(client, error, requests);

    [Theory]
    [InlineData(Client.OpenAiJs, "InternalServerError 504 server_error provider_timeout - id", "504 504 504")]
    [InlineData(Client.OpenAiDotNet, "ClientResultException 504 HTTP 504 (server_error: provider_timeout) id", "504")]
    public Task A_silent_provider_is_given_up_before_the_client_gives_up_asked_once_for_each_request_and_is_free(string client, string error, string requests) =>
        suite.AssertSeenAsync(client, "providerSilent", $$"""{"seen":"{{error}}","asked":{{requests.Split(' ').Length}}}""", requests);

    [Theory]
    [InlineData(Client.OpenAiJs, "slowOnce")]
    [InlineData(Client.OpenAiJs, "slowByDefault")]
    [InlineData(Client.OpenAiDotNet, "slowByDefault")]
    public Task A_slow_answer_that_makes_the_client_ask_again_is_charged_once(string client, string scenario) =>
        suite.AssertSeenAsync(client, scenario, """{"text":"Hello! The sandbox is here to help.","asked":2}""", "504 200", "10/9 completed");

    [Theory, InlineData(Client.OpenAiJs), InlineData(Client.OpenAiDotNet)]
    public Task A_client_that_leaves_without_having_told_its_patience_pays_the_prompt_of_what_it_left_and_the_answer_once(string client) =>
        suite.AssertSeenAsync(client, "slowUntold", """{"text":"Hello! The sandbox is here to help.","asked":2}""", "0 200", "10/0 client_abort, 10/9 completed");
}
