namespace Aigc2d.EndToEnd.Tests.Acceptance;

/// <summary>Messages through Anthropic's official clients, whoever answers.</summary>
public sealed class AnthropicMessagesTests(Suite suite)
{
    private const string Greeting = "Hello! The sandbox is here to help.";
    private const string Told = $$"""{"text":"{{Greeting}}","stop":"end_turn","usage":[10,9]}""";
    private const string ToolLoop =
        """{"first":["tool_use","get_weather",{"city":"Xi'an"}],"second":["end_turn","It is 21 degrees."],"stream":["tool_use","get_weather",{"city":"Xi'an"}]}""";

    public static readonly TheoryData<string> Clients = [Client.AnthropicJs0, Client.AnthropicJs1, Client.AnthropicDotNet];

    [Theory, MemberData(nameof(Clients))]
    public Task A_plain_answer_has_its_text_its_end_and_the_usage_that_is_charged(string client) =>
        suite.AssertSeenAsync(client, "plain", Told.Replace("[10,", "[16,", StringComparison.Ordinal), charged: "16/9 completed");

    [Theory, MemberData(nameof(Clients))]
    public Task A_stream_has_the_events_of_the_real_one_and_the_usage_that_is_charged(string client) => suite.AssertSeenAsync(client, "stream", Told, charged: "10/9 completed");

    [Theory, MemberData(nameof(Clients))]
    public Task A_stream_is_put_together_by_the_clients_own_helper(string client) => suite.AssertSeenAsync(client, "helper", Told, charged: "10/9 completed");

    [Theory, MemberData(nameof(Clients))]
    public Task An_answer_names_its_request_and_tells_its_times_and_limits(string client) =>
        suite.AssertSeenAsync(client, "headers", """{"id":[true,true],"timing":true,"requests":["6000",true],"reset":true}""", charged: "10/9 completed");

    [Theory, MemberData(nameof(Clients))]
    public Task A_tool_of_Claudes_is_called_its_result_is_taken_and_its_arguments_may_be_streamed(string client) =>
        AssertToolLoopAsync(client, "tools", "35/4 completed, 35/4 completed, 51/5 completed");

    [Theory, MemberData(nameof(Clients))]
    public Task A_tool_of_OpenAis_model_is_called_through_messages(string client) => AssertToolLoopAsync(client, "gptTools", "42/4 completed, 42/4 completed, 83/5 completed");

    [Theory, MemberData(nameof(Clients))]
    public Task A_tool_of_ERNIEs_is_called_through_messages(string client) => AssertToolLoopAsync(client, "ernieTools", "41/4 completed, 41/4 completed, 68/5 completed");

    [Theory, MemberData(nameof(Clients))]
    public Task A_tool_of_Qianfans_is_called_through_messages(string client) => AssertToolLoopAsync(client, "qianfanTools", "42/4 completed, 42/4 completed, 83/5 completed");

    [Theory, MemberData(nameof(Clients))]
    public Task OpenAIs_model_answers_plain_as_a_stream_and_through_the_helper(string client) => AssertChatAsync(client, "gpt");

    [Theory, MemberData(nameof(Clients))]
    public Task ERNIE_answers_plain_as_a_stream_and_through_the_helper(string client) => AssertChatAsync(client, "ernie");

    [Theory, MemberData(nameof(Clients))]
    public Task Qianfan_answers_plain_as_a_stream_and_through_the_helper(string client) => AssertChatAsync(client, "qianfan");

    [Theory, MemberData(nameof(Clients))]
    public async Task A_schema_is_followed_by_Claude_and_by_OpenAIs_model(string client)
    {
        await suite.AssertSeenAsync(client, "schema", """{"city":"Xi'an","celsius":21}""", charged: "10/8 completed");
        await suite.AssertSeenAsync(client, "gptSchema", """{"city":"Xi'an","celsius":21}""", charged: "10/8 completed");
    }

    [Theory, MemberData(nameof(Clients))]
    public Task An_image_reaches_the_provider_as_it_was_sent(string client) => suite.AssertSeenAsync(client, "images", """{"stop":"end_turn","same":true}""", charged: "11/9 completed");

    [Theory]
    [InlineData(Client.AnthropicJs0, "NotFoundError 404 not_found_error model_not_found model id")]
    [InlineData(Client.AnthropicJs1, "NotFoundError 404 not_found_error model_not_found model id")]
    [InlineData(Client.AnthropicDotNet, "AnthropicNotFoundException 404 not_found_error model_not_found id")]
    public Task Models_are_listed_and_found_and_an_unknown_one_is_not(string client, string unknown) =>
        suite.AssertSeenAsync(client, "models", $$"""{"listed":true,"one":true,"unknown":"{{unknown}}"}""", requests: "200 200 404");

    [Theory, MemberData(nameof(Clients))]
    public async Task Tokens_are_counted_for_nothing_by_the_provider_or_by_us(string client)
    {
        await suite.AssertSeenAsync(client, "countTokens", "41");
        await suite.AssertSeenAsync(client, "gptCountTokens", "38");
    }

    [Theory]
    [InlineData("complete")]
    [InlineData("gptComplete")]
    [InlineData("ernieComplete")]
    public Task The_old_completion_answers_the_client_that_still_has_it_whoever_answers(string scenario)
    {
        const string Completed = $"""[" {Greeting}","stop_sequence"]""";
        const string Refused = "BadRequestError 400 invalid_request_error invalid_value prompt id";
        return suite.AssertSeenAsync(
            Client.AnthropicJs0, scenario, $$"""{"plain":{{Completed}},"stream":{{Completed}},"refused":"{{Refused}}"}""", requests: "200 200 400", charged: "10/9 completed, 10/9 completed");
    }

    [Theory, MemberData(nameof(Clients))]
    public async Task Heartbeats_of_a_quiet_stream_are_not_noticed(string client)
    {
        await suite.AssertSeenAsync(client, "heartbeats", Told, charged: "10/9 completed");
        await suite.AssertHeartbeatsAsync(client, "heartbeats");
    }

    [Theory, MemberData(nameof(Clients))]
    public Task Leaving_a_stream_stops_the_provider_and_costs_what_was_forwarded(string client) =>
        suite.AssertSeenAsync(client, "abort", """{"text":"Hello! The sand","open":0}""", charged: "10/5 client_abort");

    [Theory]
    [InlineData(Client.AnthropicJs0, "APIError - api_error provider_error - id")]
    [InlineData(Client.AnthropicJs1, "APIError - api_error provider_error - id")]
    [InlineData(Client.AnthropicDotNet, "AnthropicSseException api_error")]
    public async Task A_provider_that_dies_in_mid_stream_is_noticed_and_free(string client, string error)
    {
        foreach (var scenario in new[] { "death", "gptDeath", "errorInStream" }) await suite.AssertSeenAsync(client, scenario, $"\"{error}\"");
    }

    private Task AssertToolLoopAsync(string client, string scenario, string charged) => suite.AssertSeenAsync(client, scenario, ToolLoop, requests: "200 200 200", charged: charged);

    private Task AssertChatAsync(string client, string scenario) => suite.AssertSeenAsync(
        client, scenario, $$"""{"plain":{{Told}},"stream":{{Told}},"helper":{{Told}}}""", requests: "200 200 200", charged: "10/9 completed, 10/9 completed, 10/9 completed");
}
