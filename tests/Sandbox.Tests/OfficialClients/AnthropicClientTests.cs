using Aigc2d.Sandbox.Tests.Kit;

namespace Aigc2d.Sandbox.Tests.OfficialClients;

/// <summary>Anthropic's official client, the line with x-api-key and the one with Bearer, takes the sandbox for the real thing.</summary>
public sealed class AnthropicClientTests(SandboxFixture fixture)
{
    private const string Greeting = "Hello! The sandbox is here to help.";

    [Theory, InlineData(0), InlineData(1)]
    public async Task An_answer_has_text_tokens_and_a_request_id(int line) =>
        await AssertAsync(line, "plain", $$"""{"text":"{{Greeting}}","stop":"end_turn","tokens":[17,9],"hasId":true,"remaining":"9999"}""");

    [Theory, InlineData(0), InlineData(1)]
    public async Task A_stream_has_the_events_of_the_real_one_and_counts_up(int line) => await AssertAsync(line, "stream",
        """{"types":["message_start","content_block_start","content_block_delta","content_block_delta","content_block_stop","message_delta","message_stop"],"first":1,"last":[12,5,3,9]}""");

    [Theory, InlineData(0), InlineData(1)]
    public async Task Thinking_text_and_calls_are_put_together_by_the_helper(int line)
    {
        await AssertAsync(line, "helper",
            """{"blocks":[["thinking","river stone ",true],["text","Let me see.",false],["tool_use",{"city":"Xi'an"},true],["tool_use",{"city":"Xi'an"},true]],"stop":"tool_use","tokens":[14,3]}""");
        await AssertAsync(line, "emptyCall", """[["tool_use",{}]]""");
    }

    [Theory, InlineData(0), InlineData(1)]
    public async Task A_tool_is_called_and_its_result_taken(int line) =>
        await AssertAsync(line, "toolLoop", $$"""{"first":["tool_use","get_weather",{"city":"Xi'an"}],"second":"{{Greeting}}"}""");

    [Theory, InlineData(0), InlineData(1)]
    public async Task Thoughts_are_signed_and_may_be_sent_back(int line) =>
        await AssertAsync(line, "thinking", """{"types":["thinking","text"],"thinking":"river stone gard","signed":true,"tokens":4,"again":"end_turn"}""");

    [Theory, InlineData(0), InlineData(1)]
    public async Task A_schema_is_followed_and_images_are_taken(int line)
    {
        await AssertAsync(line, "schema", """{"city":"Xi'an","celsius":21}""");
        await AssertAsync(line, "images", "\"What is this?\"");
    }

    [Theory, InlineData(0), InlineData(1)]
    public async Task Answers_end_for_every_reason(int line) =>
        await AssertAsync(line, "endings", """[["stop_sequence","STOP","one "],["max_tokens",5],["refusal","refusal"]]""");

    [Theory, InlineData(0), InlineData(1)]
    public async Task Tokens_are_counted_and_models_listed_page_by_page(int line)
    {
        await AssertAsync(line, "countTokens", """{"input_tokens":51}""");
        await AssertAsync(line, "countFailures", """[11,2,"BadRequestError",1]""");
        await AssertAsync(line, "models", """{"ids":["claude-opus-4-6","claude-sonnet-4-5","claude-haiku-4-5","claude-2","claude-instant-1"],"one":"Claude Opus 4.6","missing":404}""");
    }

    [Theory]
    [InlineData(0, "APIError", "InternalServerError")]
    [InlineData(1, "ContentTooLargeError", "OverloadedError")]
    public async Task Every_error_has_its_class_and_only_those_that_may_pass_are_asked_again(int line, string tooLarge, string overloaded) => await AssertAsync(line, "errors",
        $$"""
        {"400":"BadRequestError 400 invalid_request_error null 1","401":"AuthenticationError 401 authentication_error null 1","403":"PermissionDeniedError 403 permission_error null 1",
        "404":"NotFoundError 404 not_found_error null 1","409":"ConflictError 409 conflict_error null 3","413":"{{tooLarge}} 413 request_too_large null 1",
        "422":"UnprocessableEntityError 422 invalid_request_error null 1","429":"RateLimitError 429 rate_limit_error null 3","500":"InternalServerError 500 api_error null 3",
        "529":"{{overloaded}} 529 overloaded_error null 3"}
        """);

    [Theory, InlineData(0), InlineData(1)]
    public async Task An_overload_that_passes_is_not_noticed(int line)
    {
        await AssertAsync(line, "recovers", $"""["{Greeting}",3]""");
        await AssertAsync(line, "errorDetails", """[402,"billing_error","credit_balance_too_low"]""");
    }

    [Theory, InlineData(0), InlineData(1)]
    public async Task A_stream_that_fails_or_breaks_is_noticed(int line)
    {
        await AssertAsync(line, "midStreamError", """[2,"APIError","overloaded_error"]""");
        await AssertAsync(line, "cut", "\"terminated\"");
    }

    [Theory]
    [InlineData(0, """{"key":"sk-ant-sandbox","bearer":null,"version":"2023-06-01","token":"Bearer token-1"}""")]
    [InlineData(1, """{"key":null,"bearer":"Bearer sk-ant-sandbox","version":"2026-10-21","token":"Bearer token-1"}""")]
    public async Task Either_header_lets_a_key_in(int line, string headers) => await AssertAsync(line, "credentials", headers);

    [Fact]
    public async Task The_legacy_completion_answers_the_client_that_still_has_it()
    {
        await AssertAsync(0, "complete", $$"""{"plain":[" {{Greeting}}","stop_sequence"],"stream":[" Hello","stop_sequence"],"refused":["BadRequestError",400]}""");
        await AssertAsync(1, "complete", "null");
    }

    private async Task AssertAsync(int line, string scenario, string expected)
    {
        var seen = await fixture.RunClientAsync($"anthropic.mjs {(line == 0 ? "@anthropic-ai/sdk-0" : "@anthropic-ai/sdk")} {line}");
        Assert.Equal(expected.ReplaceLineEndings(""), seen.GetProperty(scenario).GetRawText());
    }
}
