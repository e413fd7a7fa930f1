namespace Aigc2d.EndToEnd.Tests.Acceptance;

/// <summary>Chats through OpenAI's official clients, whoever answers.</summary>
public sealed class OpenAiChatTests(Suite suite)
{
    private const string Greeting = "Hello! The sandbox is here to help.";
    private const string Told = $$"""{"text":"{{Greeting}}","finish":"stop","usage":[10,9]}""";
    private const string ToolLoop =
        """{"first":["tool_calls","get_weather","{\"city\":\"Xi'an\"}"],"second":["stop","It is 21 degrees."],"stream":["tool_calls","get_weather","{\"city\":\"Xi'an\"}"]}""";

    [Theory, InlineData(Client.OpenAiJs), InlineData(Client.OpenAiDotNet)]
    public Task A_plain_answer_has_its_text_its_end_and_the_usage_that_is_charged(string client) => suite.AssertSeenAsync(client, "plain", Told, charged: "10/9 completed");

    [Theory]
    [InlineData(Client.OpenAiJs, "stream")]
    [InlineData(Client.OpenAiJs, "helper")]
    [InlineData(Client.OpenAiDotNet, "stream")]
    public Task A_stream_has_its_text_its_end_and_the_usage_that_is_charged(string client, string scenario) => suite.AssertSeenAsync(client, scenario, Told, charged: "10/9 completed");

    [Fact]
    public Task A_stream_that_nobody_asked_for_usage_shows_none_and_is_charged() =>
        suite.AssertSeenAsync(Client.OpenAiJs, "unasked", Told.Replace("[10,9]", "null", StringComparison.Ordinal), charged: "10/9 completed");

    [Theory, InlineData(Client.OpenAiJs), InlineData(Client.OpenAiDotNet)]
    public Task An_answer_names_its_request_and_tells_its_times_and_limits(string client) =>
        suite.AssertSeenAsync(client, "headers", """{"id":true,"timing":true,"requests":["6000",true],"tokens":["20000000",true]}""", charged: "10/9 completed");

    [Theory]
    [InlineData(Client.OpenAiJs, "tools", "42/4 completed, 42/4 completed, 83/5 completed")]
    [InlineData(Client.OpenAiJs, "claudeTools", "35/4 completed, 35/4 completed, 51/5 completed")]
    [InlineData(Client.OpenAiJs, "ernieTools", "41/4 completed, 41/4 completed, 68/5 completed")]
    [InlineData(Client.OpenAiJs, "qianfanTools", "42/4 completed, 42/4 completed, 83/5 completed")]
    [InlineData(Client.OpenAiDotNet, "tools", "42/4 completed, 42/4 completed, 83/5 completed")]
    [InlineData(Client.OpenAiDotNet, "claudeTools", "35/4 completed, 35/4 completed, 51/5 completed")]
    [InlineData(Client.OpenAiDotNet, "ernieTools", "41/4 completed, 41/4 completed, 68/5 completed")]
    [InlineData(Client.OpenAiDotNet, "qianfanTools", "42/4 completed, 42/4 completed, 83/5 completed")]
    public Task A_tool_is_called_its_result_is_taken_and_its_arguments_may_be_streamed(string client, string scenario, string charged) =>
        suite.AssertSeenAsync(client, scenario, ToolLoop, requests: "200 200 200", charged: charged);

    [Theory]
    [InlineData(Client.OpenAiJs, "claude")]
    [InlineData(Client.OpenAiJs, "ernie")]
    [InlineData(Client.OpenAiJs, "qianfan")]
    [InlineData(Client.OpenAiDotNet, "claude")]
    [InlineData(Client.OpenAiDotNet, "ernie")]
    [InlineData(Client.OpenAiDotNet, "qianfan")]
    public Task Models_of_other_makers_answer_plain_and_as_a_stream(string client, string scenario) =>
        suite.AssertSeenAsync(client, scenario, $$"""{"plain":{{Told}},"stream":{{Told}}}""", requests: "200 200", charged: "10/9 completed, 10/9 completed");

    [Theory, InlineData(Client.OpenAiJs), InlineData(Client.OpenAiDotNet)]
    public Task A_schema_is_followed(string client) => suite.AssertSeenAsync(client, "schema", """{"city":"Xi'an","celsius":21}""", charged: "10/8 completed");

    [Theory, InlineData(Client.OpenAiJs), InlineData(Client.OpenAiDotNet)]
    public Task An_image_reaches_the_provider_as_it_was_sent(string client) => suite.AssertSeenAsync(client, "images", """{"finish":"stop","same":true}""", charged: "11/9 completed");

    [Theory]
    [InlineData(Client.OpenAiJs, "NotFoundError 404 invalid_request_error model_not_found model id")]
    [InlineData(Client.OpenAiDotNet, "ClientResultException 404 HTTP 404 (invalid_request_error: model_not_found) Parameter: model id")]
    public Task Models_are_listed_and_found_and_an_unknown_one_is_not(string client, string unknown) =>
        suite.AssertSeenAsync(client, "models", $$"""{"listed":true,"one":true,"unknown":"{{unknown}}"}""", requests: "200 200 404");

    [Theory]
    [InlineData(Client.OpenAiJs, """{"results":[[false,[]],[true,["illicit"]]],"id":true}""")]
    [InlineData(Client.OpenAiDotNet, """{"results":[[false,[]],[true,["Illicit"]]],"id":true}""")]
    public Task Moderation_says_what_is_in_each_text_and_is_free(string client, string expected) => suite.AssertSeenAsync(client, "moderations", expected);

    [Theory]
    [InlineData("embeddings", 1536)]
    [InlineData("qianfanEmbeddings", 384)]
    [InlineData("ernieEmbeddings", 384)]
    public async Task Embeddings_have_the_right_length_in_base64_and_as_numbers_whoever_makes_them(string scenario, int size)
    {
        await suite.AssertSeenAsync(
            Client.OpenAiJs, scenario, $$"""{"sizes":[{{size}},{{size}},{{size}},{{size}}],"same":true,"differ":true,"tokens":2}""", requests: "200 200", charged: "2/0 completed, 2/0 completed");
        await suite.AssertSeenAsync(Client.OpenAiDotNet, scenario, $$"""{"sizes":[{{size}},{{size}}],"differ":true,"tokens":2}""", charged: "2/0 completed");
    }

    [Theory, InlineData(Client.OpenAiJs), InlineData(Client.OpenAiDotNet)]
    public Task Embeddings_may_be_shortened(string client) => suite.AssertSeenAsync(client, "shortEmbeddings", "8", charged: "1/0 completed");

    [Theory]
    [InlineData("completions", 3)]
    [InlineData("gptCompletions", 10)]
    [InlineData("claudeCompletions", 10)]
    public Task Legacy_completions_answer_plain_and_as_a_stream_whoever_answers(string scenario, int input)
    {
        var told = Told.Replace("[10,", $"[{input},", StringComparison.Ordinal);
        return suite.AssertSeenAsync(Client.OpenAiJs, scenario, $$"""{"plain":{{told}},"stream":{{told}}}""", requests: "200 200", charged: $"{input}/9 completed, {input}/9 completed");
    }

    [Theory, InlineData(Client.OpenAiJs), InlineData(Client.OpenAiDotNet)]
    public async Task Heartbeats_of_a_quiet_stream_are_not_noticed(string client)
    {
        await suite.AssertSeenAsync(client, "heartbeats", Told, charged: "10/9 completed");
        await suite.AssertHeartbeatsAsync(client, "heartbeats");
    }

    [Theory, InlineData(Client.OpenAiJs), InlineData(Client.OpenAiDotNet)]
    public Task Leaving_a_stream_stops_the_provider_and_costs_what_was_forwarded(string client) =>
        suite.AssertSeenAsync(client, "abort", """{"text":"Hello! The sand","open":0}""", charged: "10/4 client_abort");

    [Theory]
    [InlineData(Client.OpenAiJs, "death", "APIError - server_error provider_error - id")]
    [InlineData(Client.OpenAiJs, "errorInStream", "APIError - server_error provider_error - id")]
    [InlineData(Client.OpenAiDotNet, "death", "HttpIOException")]
    [InlineData(Client.OpenAiDotNet, "errorInStream", "HttpIOException")]
    public Task A_provider_that_dies_in_mid_stream_is_noticed_and_free(string client, string scenario, string error) => suite.AssertSeenAsync(client, scenario, $"\"{error}\"");
}
