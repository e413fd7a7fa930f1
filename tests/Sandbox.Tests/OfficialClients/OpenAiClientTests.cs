using Aigc2d.Sandbox.Tests.Kit;

namespace Aigc2d.Sandbox.Tests.OfficialClients;

/// <summary>OpenAI's official client takes the sandbox for the real thing, on Azure's paths too.</summary>
public sealed class OpenAiClientTests(SandboxFixture fixture)
{
    private const string Greeting = "Hello! The sandbox is here to help.";

    [Fact]
    public async Task An_answer_has_text_tokens_a_request_id_and_rate_limits() =>
        await AssertAsync("plain", $$"""{"text":"{{Greeting}}","tokens":[11,9],"hasId":true,"limits":["10000","3","1m30s"]}""");

    [Fact]
    public async Task A_stream_brings_thinking_text_and_usage() =>
        await AssertAsync("stream", $$"""{"text":"{{Greeting}}","thinking":"river st","finish":"stop","tokens":[11,11],"chunks":8}""");

    [Fact]
    public async Task Two_calls_are_put_together_by_the_helper() =>
        await AssertAsync("helper", """{"finish":"tool_calls","calls":[["get_weather","{\"city\":\"Xi'an\"}"],["get_weather","{\"city\":\"Xi'an\"}"]]}""");

    [Fact]
    public async Task A_schema_is_followed_and_images_are_taken()
    {
        await AssertAsync("schema", """{"city":"Xi'an","celsius":21}""");
        await AssertAsync("images", "\"What is this?\"");
    }

    [Fact]
    public async Task Embeddings_come_as_numbers_or_base64_in_the_asked_size() =>
        await AssertAsync("embeddings", """{"sizes":[2,1536,1536,8],"same":true,"differ":true,"refused":400}""");

    [Fact]
    public async Task Embeddings_take_token_ids_and_numbers_sent_for_base64_are_misread_by_the_client() => await AssertAsync("embeddingInputs",
        """{"ids":[[3072,3072],4],"text":[1536,4],"unwishedFloats":[384,true]}""");

    [Fact]
    public async Task Embeddings_and_moderations_fail_as_scripted() => await AssertAsync("otherFailures",
        """[1536,2,"RateLimitError 429 1","broken null 1","SyntaxError null 1","BadRequestError 400 1"]""");

    [Fact]
    public async Task Completions_answer_prompts_in_every_form() => await AssertAsync("completions",
        $$"""
        {"plain":["text_completion","cmpl-","{{Greeting}}",null,"stop",4,9],
        "many":["0a! 1a! 2b! 3b!",6],
        "ids":["Hello! T","length",3]}
        """);

    [Fact]
    public async Task Completions_stream_and_fail_as_chats_do()
    {
        await AssertAsync("completionStream", $"""["{Greeting}","stop",1,9]""");
        await AssertAsync("completionFailures", """["RateLimitError","rate_limit_exceeded","APIError","overloaded","terminated"]""");
    }

    [Fact]
    public async Task Moderation_flags_what_it_is_told_to() => await AssertAsync("moderations", "[[false,false,false],[true,false,true]]");

    [Fact]
    public async Task Models_are_listed_and_found() => await AssertAsync("models", """{"known":true,"one":"gpt-4o-mini","missing":[404,"model_not_found"]}""");

    [Fact]
    public async Task Every_error_has_its_class_and_only_those_that_may_pass_are_asked_again() => await AssertAsync("errors",
        """
        {"400":"BadRequestError 400 invalid_request_error invalid_value 1","401":"AuthenticationError 401 invalid_request_error invalid_api_key 1",
        "403":"PermissionDeniedError 403 request_forbidden unsupported_country_region_territory 1","404":"NotFoundError 404 invalid_request_error model_not_found 1",
        "409":"ConflictError 409 invalid_request_error null 3","422":"UnprocessableEntityError 422 invalid_request_error null 1","429":"RateLimitError 429 requests rate_limit_exceeded 3",
        "500":"InternalServerError 500 server_error null 3","503":"InternalServerError 503 server_error null 3"}
        """);

    [Fact]
    public async Task An_outage_that_passes_is_not_noticed() => await AssertAsync("recovers", """["Back.",3]""");

    [Fact]
    public async Task A_stream_that_fails_or_breaks_is_noticed()
    {
        await AssertAsync("midStreamError", """["APIError","server_error","overloaded"]""");
        await AssertAsync("cut", "\"terminated\"");
    }

    [Fact]
    public async Task Azures_deployment_is_the_model_with_its_script()
    {
        await AssertAsync("azurePlain", """{"text":"50% off/you","filtered":false,"model":"gpt-az-plain@text=50% off/you","query":"?api-version=2024-10-21","key":"azure-key"}""");
        await AssertAsync("azureStream", $$"""{"text":"{{Greeting}}","thinking":"","finish":"stop","tokens":[11,9],"chunks":7}""");
        await AssertAsync("azureEmbeddings", "1536");
        await AssertAsync("azureCompletions", """["Hello","safe","/openai/deployments/gpt-az-cmpl@text=Hello/completions"]""");
    }

    [Fact]
    public async Task Azures_errors_are_its_own() => await AssertAsync("azureErrors",
        """
        {"400":"BadRequestError 400 invalid_request_error invalid_value 1","401":"AuthenticationError 401 null 401 1","404":"NotFoundError 404 null DeploymentNotFound 1",
        "429":"RateLimitError 429 null 429 1","filter":["content_filter",{"filtered":true,"severity":"high"}]}
        """);

    [Fact]
    public async Task Wenxin_v2_is_near_enough_to_OpenAi_for_its_client() => await AssertAsync("qianfan",
        $$"""
        {"plain":["normal",0,"river st",4,"as-"],"stream":{"text":"{{Greeting}}","thinking":"","finish":"stop","tokens":[11,9],"chunks":6},"error":[403,"account_overdue","access_denied",null],
        "refused":[400,"invalid_messages"],"models":["ernie-3.5-8k","ernie-4.0-8k","ernie-4.0-turbo-8k","ernie-lite-8k","embedding-v1"],"embedding":384}
        """);

    private async Task AssertAsync(string scenario, string expected) =>
        Assert.Equal(expected.ReplaceLineEndings(""), (await fixture.RunClientAsync("openai.mjs")).GetProperty(scenario).GetRawText());
}
