using System.Text.RegularExpressions;
using Aigc2d.Sandbox.Tests.Kit;

namespace Aigc2d.Sandbox.Tests.Formats;

public sealed partial class WenxinWireTests(SandboxFixture fixture)
{
    private const string User = """{"role":"user","content":"Hi"}""";
    private const string Workshop = "/rpc/2.0/ai_custom/v1/wenxinworkshop";

    [Fact]
    public async Task A_stream_of_v1_has_the_frames_of_the_reference_sequence()
    {
        var answer = await WireFormat.Of("wenxin-v1").AskAsync(fixture, "wire-v1@text=Hello,chunks=2,output=9", stream: true);

        Assert.Equal(
            [
                """{"id":"as-","object":"chat.completion","created":0,"sentence_id":0,"is_end":false,"result":"He","is_truncated":false,"need_clear_history":false,"finish_reason":"normal","usage":{"prompt_tokens":11,"completion_tokens":1,"total_tokens":12}}""",
                """{"id":"as-","object":"chat.completion","created":0,"sentence_id":1,"is_end":true,"result":"llo","is_truncated":false,"need_clear_history":false,"finish_reason":"normal","usage":{"prompt_tokens":11,"completion_tokens":9,"total_tokens":20}}""",
            ],
            answer.Frames.Select(Steady));
    }

    [Fact]
    public async Task A_stream_of_v2_ends_with_its_usage_only_when_asked()
    {
        var asked = await WireFormat.Of("wenxin-v2").AskAsync(fixture, "wire-v2@text=Hello,chunks=1,flag=1", stream: true);
        var unasked = await WireFormat.Of("wenxin-v2").AskAsync(fixture, "x", body: $$"""{"model":"wire-v2@text=Hello,chunks=1","stream":true,"messages":[{{User}}]}""");
        var everywhere = await WireFormat.Of("wenxin-v2").AskAsync(fixture, "x", body: $$"""{"model":"wire-v2@text=Hello,chunks=1","stream":true,"stream_options":{"chunk_include_usage":true},"messages":[{{User}}]}""");

        const string Head = """{"id":"as-","object":"chat.completion.chunk","created":0,"model":"wire-v2","choices":[""";
        Assert.Equal(
            [
                $$"""{{Head}}{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null,"flag":1}]}""",
                $$"""{{Head}}{"index":0,"delta":{"content":"Hello"},"finish_reason":null,"flag":1}]}""",
                $$"""{{Head}}{"index":0,"delta":{},"finish_reason":"stop","flag":1}]}""",
                $$$$"""{{{{Head}}}}],"usage":{"prompt_tokens":11,"completion_tokens":2,"total_tokens":13,"prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}}}""",
                "[DONE]",
            ],
            asked.Frames.Select(Steady));
        Assert.DoesNotContain("usage", unasked.Text, StringComparison.Ordinal);
        Assert.All(everywhere.Frames[..^1], frame => Assert.Contains("\"usage\":{", frame, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("status=429", 200, 18)]
    [InlineData("status=503", 200, 2)]
    [InlineData("status=400,code=context_length_exceeded", 200, 336007)]
    [InlineData("error=17", 200, 17)]
    [InlineData("error=4,status=429", 429, 4)]
    public async Task Errors_of_v1_say_200_and_a_number_streams_included(string script, int status, int code)
    {
        foreach (var stream in new[] { false, true })
        {
            var answer = await WireFormat.Of("wenxin-v1").AskAsync(fixture, $"wire-v1-errors@{script}", stream);
            Assert.Equal(
                (status, "application/json; charset=utf-8", code, $"{code}"),
                (answer.Status, answer.Headers["Content-Type"], answer.Json.GetProperty("error_code").GetInt32(), answer.Headers["X-Bce-Error-Code"]));
        }
    }

    [Fact]
    public async Task An_error_of_v1_in_the_middle_of_a_stream_has_the_scripted_number()
    {
        var answer = await WireFormat.Of("wenxin-v1").AskAsync(fixture, "wire-v1-frame@chunks=2,error=336502,errorframe=1", stream: true);

        Assert.Equal(2, answer.Frames.Length);
        Assert.Contains("\"error_code\":336502", answer.Frames[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status=400", 400, "invalid_request_error", "invalid_argument")]
    [InlineData("status=400,code=context_length_exceeded", 400, "invalid_request_error", "tokens_too_long")]
    [InlineData("status=403", 403, "access_denied", "account_overdue")]
    [InlineData("status=403,code=system_unsafe", 403, "unsafe_request", "system_unsafe")]
    [InlineData("status=429,code=tpm_rate_limit_exceeded", 429, "rate_limit_exceeded", "tpm_rate_limit_exceeded")]
    [InlineData("status=500", 500, "Internal_error", "internal_error")]
    public async Task Errors_of_v2_have_no_param_and_an_id_beside(string script, int status, string type, string code)
    {
        var answer = await WireFormat.Of("wenxin-v2").AskAsync(fixture, $"wire-v2-errors@{script}");

        Assert.Equal(status, answer.Status);
        Assert.Equal(["error", "id"], answer.Json.EnumerateObject().Select(member => member.Name));
        Assert.Equal(["code", "message", "type"], answer.Json.GetProperty("error").EnumerateObject().Select(member => member.Name));
        Assert.Equal((type, code), (answer.Json.GetProperty("error").GetProperty("type").GetString(), answer.Json.GetProperty("error").GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData($$"""{"messages":[{{User}}],"temperature":1,"top_p":0,"penalty_score":2,"max_output_tokens":2,"system":"x","stop":["a"],"user_id":"u","disable_search":true}""", 0)]
    [InlineData($$$"""{"messages":[{{{User}}},{"role":"assistant","content":"","function_call":{"name":"f","arguments":"{}"}},{"role":"function","name":"f","content":"{}"}]}""", 0)]
    [InlineData("""{"messages":[]}""", 336003)]
    [InlineData($$"""{"messages":[{{User}},{{User}},{{User}}]}""", 336003)]
    [InlineData($$"""{"messages":[{"role":"system","content":"x"},{"role":"assistant","content":"x"},{{User}}]}""", 336003)]
    [InlineData("""{"messages":[{"role":"user","content":" "}]}""", 336003)]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text","text":"x"}]}]}""", 336003)]
    [InlineData("""{"messages":[{"role":"function","name":"f","content":"{}"}]}""", 336003)]
    [InlineData($$"""{"messages":[{{User}},{"role":"assistant","content":"x"},{"role":"function","name":"f","content":"21 degrees"}]}""", 336003)]
    [InlineData($$"""{"messages":[{{User}}],"temperature":0}""", 336003)]
    [InlineData($$"""{"messages":[{{User}}],"temperature":1.1}""", 336003)]
    [InlineData($$"""{"messages":[{{User}}],"penalty_score":0.5}""", 336003)]
    [InlineData($$"""{"messages":[{{User}}],"max_output_tokens":1}""", 336003)]
    [InlineData($$"""{"messages":[{{User}}],"stop":"a"}""", 336003)]
    [InlineData($$"""{"messages":[{{User}}],"stop":["a","b","c","d","e"]}""", 336003)]
    [InlineData($$$"""{"messages":[{{{User}}}],"response_format":{"type":"json_object"}}""", 336003)]
    [InlineData($$$"""{"messages":[{{{User}}}],"functions":[{"name":"f","description":"d","parameters":{}}]}""", 336003)]
    [InlineData($$$$"""{"messages":[{{{{User}}}}],"functions":[{"name":"f","description":"d","parameters":{"type":"object","properties":{}}}],"tool_choice":"auto"}""", 336003)]
    [InlineData("{", 336002)]
    public async Task V1_takes_what_follows_its_rules_and_refuses_the_rest(string body, int code)
    {
        var answer = await WireFormat.Of("wenxin-v1").AskAsync(fixture, "wire-rules", body: body);
        Assert.Equal((200, code), (answer.Status, answer.Json.TryGetProperty("error_code", out var said) ? said.GetInt32() : 0));
    }

    [Theory]
    [InlineData("""{"model":"","messages":[]}""", "invalid_model")]
    [InlineData("""{"model":"m","messages":[]}""", "invalid_messages")]
    [InlineData("""{"model":"m","messages":[{"role":"developer","content":"x"}]}""", "invalid_messages")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":" "}]}""", "invalid_messages")]
    [InlineData($$"""{"model":"m","messages":[{{User}}],"stop":["a","b","c","d","e"]}""", "invalid_argument")]
    [InlineData("{", "malformed_json")]
    public async Task V2_refuses_what_breaks_its_rules(string body, string code)
    {
        var answer = await WireFormat.Of("wenxin-v2").AskAsync(fixture, "x", body: body);
        Assert.Equal((400, code), (answer.Status, answer.Json.GetProperty("error").GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData("/oauth/2.0/token?grant_type=client_credentials&client_id=unknown-1&client_secret=sk", 401, """{"error":"invalid_client","error_description":"unknown client id"}""")]
    [InlineData("/oauth/2.0/token?grant_type=client_credentials&client_id=ak&client_secret=wrong-1", 401, """{"error":"invalid_client","error_description":"Client authentication failed"}""")]
    [InlineData("/oauth/2.0/token?client_id=ak&client_secret=sk", 400, """{"error":"unsupported_grant_type","error_description":"The authorization grant type is not supported"}""")]
    public async Task Without_the_right_key_there_is_no_token(string path, int status, string body)
    {
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post })
        {
            var answer = await fixture.SendAsync(method, path, null);
            Assert.Equal((status, body), (answer.Status, answer.Text));
        }
    }

    [Fact]
    public async Task A_token_lives_thirty_days_unless_its_key_or_a_test_says_otherwise()
    {
        var issued = (await fixture.SendAsync(HttpMethod.Get, "/oauth/2.0/token?grant_type=client_credentials&client_id=ak-days&client_secret=sk", null)).Json;
        var first = issued.GetProperty("access_token").GetString()!;
        var other = await WireFormat.TokenAsync(fixture, "ak-other");
        var over = await WireFormat.TokenAsync(fixture, "ak@lifetime=0s");
        Assert.Equal(2_592_000, issued.GetProperty("expires_in").GetInt32());

        var ended = await fixture.SendAsync(HttpMethod.Post, "/sandbox/wenxin/tokens/expire?ak=ak-days&code=110", null);

        Assert.Equal("""{"expired":1}""", ended.Text);
        int[] codes = [await CodeAsync(first), await CodeAsync(other), await CodeAsync(over), await CodeAsync("made-up"), await CodeAsync("")];
        Assert.Equal([110, 0, 111, 110, 100], codes);
        Assert.Equal("""{"issued":1}""", (await fixture.SendAsync(HttpMethod.Get, "/sandbox/wenxin/tokens?ak=ak-days", null)).Text);
    }

    [Fact]
    public async Task Tokens_and_unknown_routes_answer_in_v1s_way()
    {
        var token = await WireFormat.TokenAsync(fixture);
        Task<WireAnswer> Ask(string path, string body) => fixture.SendAsync(HttpMethod.Post, $"{Workshop}/{path}?access_token={token}", body);

        Assert.Equal("""{"prompt_tokens":4,"total_tokens":4}""", (await Ask("tokenizer/erniebot", """{"prompt":"Hello, world!"}""")).Json.GetProperty("usage").GetRawText());
        Assert.Equal(3, (await Ask("nothing/here", "{}")).Json.GetProperty("error_code").GetInt32());
    }

    private async Task<int> CodeAsync(string token)
    {
        var answer = await fixture.SendAsync(HttpMethod.Post, $"{Workshop}/chat/wire-tokens?access_token={token}", $$"""{"messages":[{{User}}]}""");
        return answer.Json.TryGetProperty("error_code", out var code) ? code.GetInt32() : 0;
    }

    private static string Steady(string frame) => Created().Replace(Id().Replace(frame, "as-"), "\"created\":0");

    [GeneratedRegex("as-[0-9a-f]{32}")]
    private static partial Regex Id();

    [GeneratedRegex("\"created\":[0-9]+")]
    private static partial Regex Created();
}
