using System.Buffers;
using System.Net;
using System.Text;
using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Adapters.WenxinV2;
using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ProviderAdapters.Clients;
using Aigc2d.ProviderAdapters.Clients.OpenAi;

namespace Aigc2d.ProviderAdapters.Tests.WenxinV2;

public sealed class WenxinV2Tests
{
    private static readonly Channel Upstream = new()
    {
        Id = Guid.CreateVersion7(),
        Provider = "wenxin-v2",
        Name = "test",
        BaseUrl = new Uri("https://qianfan.baidubce.example/v2"),
        Credential = "bce-v3/ALTAK-abc/def",
        Models = [],
        Priority = 0,
        Weight = 1,
        IsActive = true,
    };

    private static readonly ChannelModel Model = new("ernie-4", "ernie-4.0-8k");

    [Theory]
    [InlineData(
        """{"model":"m", "messages":[{"role":"user","content":"developer"}],"web_search":{"enable":true}}""",
        """{"model":"up", "messages":[{"role":"user","content":"developer"}],"web_search":{"enable":true}}""")]
    [InlineData(
        """{"messages":[{"content":"a", "role" : "developer"},{"role":"user","content":[{"role":"developer"}]},7],"stream":true,"model":"m"}""",
        """{"stream_options":{"include_usage":true},"messages":[{"content":"a", "role" : "system"},{"role":"user","content":[{"role":"developer"}]},7],"stream":true,"model":"up"}""")]
    [InlineData("""{"model":"m","n":1,"logprobs":false,"messages":null}""", """{"model":"up","n":1,"logprobs":false,"messages":null}""")]
    public void Only_the_developer_role_the_model_and_the_wish_for_usage_change_in_a_request(string asked, string sent) => Assert.Equal(sent, Sent(asked));

    [Theory]
    [InlineData("\"n\":2", "n")]
    [InlineData("\"n\":\"1\"", "n")]
    [InlineData("\"logprobs\":true", "logprobs")]
    public void Several_answers_and_probabilities_are_refused(string member, string param) =>
        Assert.Equal(param, Assert.Throws<UntranslatableException>(() => Sent($$"""{"model":"m",{{member}}}""")).Param);

    [Fact]
    public void A_stream_passes_byte_for_byte_but_for_role_finish_reason_and_usage() => Assert.Equal(
        """
        data: {"id":"as-2","choices":[{"index":0,"delta":{"role":"assistant","content":"你"},"flag":0}]}

        data: {"id":"as-2","choices":[{"index":0,"delta":{"content":"好"},"flag":0,"ban_round":0}],"search_results":[]}

        data: {"id":"as-2","choices":[{"index":0,"delta":{},"finish_reason":"stop","flag":0}]}


        """,
        Written(
            """{"id":"as-2","choices":[{"index":0,"delta":{"content":"你"},"flag":0}]}""",
            """{"id":"as-2","choices":[{"index":0,"delta":{"content":"好"},"flag":0,"ban_round":0}],"search_results":[]}""",
            """{"id":"as-2","choices":[{"index":0,"delta":{},"finish_reason":"normal","flag":0}]}""",
            """{"id":"as-2","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}}"""));

    [Fact]
    public void A_first_chunk_with_a_role_or_without_anything_is_right_too()
    {
        const string WithRole = """{"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}""";
        Assert.Equal($"data: {WithRole}\n\n", Written(WithRole));
        Assert.Equal("""data: {"choices":[{"index":0,"delta":{ "role":"assistant"}}]}""".Replace("{ ", "{", StringComparison.Ordinal) + "\n\n", Written("""{"choices":[{"index":0,"delta":{}}]}"""));
    }

    [Fact]
    public void Unsafe_talk_ends_with_a_content_filter_and_shows_nothing_more_once_it_is_withdrawn() => Assert.Equal(
        """
        data: {"choices":[{"index":0,"delta":{"role":"assistant","content":"one"}}]}

        data: {"choices":[{"index":0,"delta":{"content":""},"flag":3}]}

        data: {"choices":[{"index":0,"delta":{"content":"","reasoning_content":""},"finish_reason":"content_filter"}]}


        """,
        Written(
            """{"choices":[{"index":0,"delta":{"role":"assistant","content":"one"}}]}""",
            """{"choices":[{"index":0,"delta":{"content":"two"},"flag":3}]}""",
            """{"choices":[{"index":0,"delta":{"content":"three","reasoning_content":"x"},"finish_reason":"stop"}]}"""));

    [Theory]
    [InlineData("\"finish_reason\":\"normal\",\"flag\":0", "\"finish_reason\":\"stop\",\"flag\":0", "hi")]
    [InlineData("\"finish_reason\":\"stop\",\"flag\":2", "\"finish_reason\":\"content_filter\",\"flag\":2", "hi")]
    [InlineData("\"finish_reason\":\"normal\",\"need_clear_history\":true", "\"finish_reason\":\"content_filter\",\"need_clear_history\":true", "hi")]
    [InlineData("\"flag\":4,\"finish_reason\":\"stop\"", "\"flag\":4,\"finish_reason\":\"content_filter\"", "")]
    [InlineData("\"finish_reason\":\"length\"", "\"finish_reason\":\"length\"", "hi")]
    public void A_plain_answer_is_patched_alike(string said, string shown, string text)
    {
        static string Answer(string members, string text) => $$"""{"id":"as-2","choices":[{"index":0,"message":{"role":"assistant","content":"{{text}}"},{{members}}}],"usage":{"prompt_tokens":3,"completion_tokens":2} }""";
        var reader = new WenxinV2AnswerReader();
        var body = Encoding.UTF8.GetBytes(Answer(said, "hi"));
        Assert.True(reader.TryReadPlain(body));
        var writer = new WenxinV2Chunks(reader, new PassedChunks(reader.Inner, false));
        Assert.Equal(Answer(shown, text), Encoding.UTF8.GetString(writer.Completion(body, reader, default).Span));
        Assert.Equal(text, string.Concat(reader.Deltas.Select(delta => delta.Text)));
    }

    [Theory]
    [InlineData(400, "invalid_request_error", "invalid_messages", nameof(FaultScope.Call), CallFailure.InvalidRequest, 400, "invalid_messages")]
    [InlineData(400, "invalid_request_error", "characters_too_long", nameof(FaultScope.Call), CallFailure.InvalidRequest, 400, "context_length_exceeded")]
    [InlineData(400, "invalid_request_error", "tokens_too_long", nameof(FaultScope.Call), CallFailure.InvalidRequest, 400, "context_length_exceeded")]
    [InlineData(400, "unsafe_request", "image_url_unsafe", nameof(FaultScope.Call), CallFailure.InvalidRequest, 400, "content_policy_violation")]
    [InlineData(403, "unsafe_request", "system_unsafe", nameof(FaultScope.Call), CallFailure.InvalidRequest, 400, "content_policy_violation")]
    [InlineData(401, "access_denied", "no_parameter_permission", nameof(FaultScope.Account), CallFailure.ProviderError, 502, "provider_error")]
    [InlineData(401, "invalid_request_error", "invalid_model", nameof(FaultScope.Model), CallFailure.ModelNotFound, 404, "model_not_found")]
    [InlineData(401, "invalid_request_error", "invalid_iam_token", nameof(FaultScope.Account), CallFailure.ProviderError, 502, "provider_error")]
    [InlineData(403, "access_denied", "account_overdue", nameof(FaultScope.Account), CallFailure.ProviderError, 502, "provider_error")]
    [InlineData(403, "access_denied", "model_offline", nameof(FaultScope.Model), CallFailure.NoChannel, 503, "service_unavailable")]
    [InlineData(405, "invalid_request_error", "method_not_supported", nameof(FaultScope.Model), CallFailure.ProviderError, 502, "provider_error")]
    [InlineData(429, "rate_limit_exceeded", "tpm_rate_limit_exceeded", nameof(FaultScope.Limit), CallFailure.RateLimited, 429, "rate_limit_exceeded")]
    [InlineData(500, "Internal_error", "dispatch_internal_error", nameof(FaultScope.Attempt), CallFailure.ProviderError, 502, "provider_error")]
    public void An_error_is_judged_by_its_code_and_told_in_OpenAIs_envelope(int status, string type, string code, string scope, CallFailure failure, int shown, string ours)
    {
        var fault = WenxinV2Error.Judge((HttpStatusCode)status, Encoding.UTF8.GetBytes($$"""{"error":{"code":"{{code}}","message":"words of ernie-4.0-8k","type":"{{type}}"},"id":"as-1"}"""), Upstream, Model);
        Assert.Equal((scope, failure, shown, ours), (fault.Scope.ToString(), fault.Failure, fault.Status, fault.Error.Code));
        Assert.Equal(failure == CallFailure.InvalidRequest ? "words of ernie-4" : ClientError.Of(failure, "ernie-4").Message, fault.Error.Message);
    }

    private static string Sent(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        return string.Concat(WenxinV2Request.Translate(new OpenAiChat(bytes, ChatRequestShape.Read(bytes, out _)!), "up").Select(piece => Encoding.UTF8.GetString(piece.Span)));
    }

    private static string Written(params string[] events)
    {
        var reader = new WenxinV2AnswerReader();
        var writer = new WenxinV2Chunks(reader, new PassedChunks(reader.Inner, false));
        var output = new ArrayBufferWriter<byte>();
        foreach (var data in events)
        {
            var bytes = Encoding.UTF8.GetBytes(data);
            Assert.True(reader.TryReadEvent(bytes));
            writer.WriteEvent(output, bytes, reader);
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
