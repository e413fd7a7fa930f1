using Aigc2d.Sandbox.Tests.Kit;

namespace Aigc2d.Sandbox.Tests.OfficialClients;

/// <summary>Baidu's official client takes the sandbox for the real thing, v1 with its tokens and v2 with a bearer key.</summary>
public sealed class QianfanClientTests(SandboxFixture fixture)
{
    private const string Greeting = "Hello! The sandbox is here to help.";

    [Fact]
    public async Task An_answer_has_text_tokens_and_limits_and_its_token_stays_out_of_the_log() => await AssertAsync("plain",
        $$"""
        {"result":"{{Greeting}}","finish_reason":"normal","need_clear_history":false,"usage":{"prompt_tokens":11,"completion_tokens":9,"total_tokens":20},"limit":"10000",
        "path":"/rpc/2.0/ai_custom/v1/wenxinworkshop/chat/completions","query":"?access_token=redacted"}
        """);

    [Fact]
    public async Task A_stream_counts_up_and_ends_with_its_last_sentence() =>
        await AssertAsync("stream", $$"""{"text":"{{Greeting}}","ends":[false,false,true],"sentences":[0,1,2],"usage":[1,2,9]}""");

    [Fact]
    public async Task A_function_is_called_and_its_result_taken() => await AssertAsync("functions",
        """{"plain":["","function_call","get_weather","{\"city\":\"Xi'an\"}"],"stream":["{\"city\":\"Xi'an\"}",null],"second":"normal"}""");

    [Fact]
    public async Task Json_is_answered_when_asked_for() => await AssertAsync("schema", $$"""{"answer":"{{Greeting}}"}""");

    [Fact]
    public async Task Unsafe_talk_is_flagged_in_an_answer() =>
        await AssertAsync("safety", """{"need_clear_history":true,"ban_round":-1,"flag":4,"finish_reason":"content_filter"}""");

    [Fact]
    public async Task Embeddings_have_the_models_size() =>
        await AssertAsync("embeddings", """{"object":"embedding_list","sizes":[1024,1024],"usage":{"prompt_tokens":2,"total_tokens":2}}""");

    [Fact]
    public async Task Embeddings_fail_as_chats_do() => await AssertAsync("embeddingFailures", "[1024,2,17,336003]");

    [Fact]
    public async Task A_token_is_fetched_once_and_again_when_its_time_is_over()
    {
        await AssertAsync("tokenIsKept", "1");
        await AssertAsync("shortTokenIsRenewed", """{"expired":111,"issued":2}""");
    }

    [Fact]
    public async Task Tokens_that_a_test_ended_are_refused_and_a_new_one_is_good() => await AssertAsync("tokensEnd", $$"""{"ended":1,"code":110,"again":"{{Greeting}}"}""");

    [Fact]
    public async Task Unknown_keys_and_wrong_secrets_get_no_token() => await AssertAsync("refusedKeys", "[true,true]");

    [Fact]
    public async Task Error_codes_come_with_200_and_only_those_that_may_pass_are_asked_again() => await AssertAsync("errors",
        """{"4":[4,1],"6":[6,1],"17":[17,1],"18":[null,2],"336003":[336003,1],"336007":[336007,1],"336100":[null,2],"336502":[null,2]}""");

    [Fact]
    public async Task An_overload_that_passes_is_not_noticed() => await AssertAsync("recovers", $"""["{Greeting}",2]""");

    [Fact]
    public async Task An_error_comes_instead_of_a_stream_or_in_its_middle()
    {
        await AssertAsync("errorInsteadOfStream", "17");
        await AssertAsync("midStreamError", """["Hello! T","he sandbo",336100]""");
    }

    [Fact]
    public async Task Conversations_that_break_a_rule_are_refused() =>
        await AssertAsync("rules", """{"even":336003,"zero":336003,"empty":336003,"system":336003,"long":336007}""");

    [Fact]
    public async Task V2_answers_streams_and_fails_in_its_own_way()
    {
        await AssertAsync("v2Plain", $$"""{"text":"{{Greeting}}","flag":0,"finish":"stop","total":20,"headers":["Bearer bce-v3/sandbox","app-1"]}""");
        await AssertAsync("v2Stream", """{"text":"Hello","last":2}""");
        await AssertAsync("v2Errors", """{"limited":true,"requests":1,"broken":"Error"}""");
    }

    private async Task AssertAsync(string scenario, string expected) =>
        Assert.Equal(expected.ReplaceLineEndings(""), (await fixture.RunClientAsync("qianfan.mjs")).GetProperty(scenario).GetRawText());
}
