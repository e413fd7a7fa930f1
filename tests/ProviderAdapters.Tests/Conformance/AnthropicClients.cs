using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Tests.Kit;
using Aigc2d.ProviderAdapters.Usage;

namespace Aigc2d.ProviderAdapters.Tests.Conformance;

/// <summary>What Anthropic's clients get from each family: whole messages, well-formed streams, errors that they notice, and usage that is recorded once.</summary>
public abstract class AnthropicClients(AdaptersFixture fixture, Family family)
{
    private const string Greeting = "Hello! The sandbox is here to help.";

    private const string Tools = """
        "max_tokens":1000,"tools":[{"name":"get_weather","input_schema":{"type":"object","properties":{"city":{"type":"string"}}}},{"name":"get_time","input_schema":{"type":"object","properties":{}}}]
        """;

    private AdaptersHost Adapters => fixture.Adapters;

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_complete_answer_is_shown_and_recorded_with_the_usage_the_provider_claims(bool stream)
    {
        var model = await Adapters.ModelAsync(family, "cached=5");
        var call = TestMessages.Of(model, stream);
        var cached = family.ReportsCached ? 5 : 0;

        var (answer, message) = await AskAsync(call);

        Assert.Equal((200, false, Greeting, "end_turn"), (answer.Status, answer.IsBroken, message.Text, message.StopReason));
        Assert.Equal((11, 9, cached, 0), message.Tokens);
        Assert.StartsWith("msg_", (string?)message.Message["id"], StringComparison.Ordinal);
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.Completed, new TokenCounts(11, 9, cached)));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Tool_calls_are_blocks_of_their_own(bool stream)
    {
        var count = family.CallsSeveralTools ? 2 : 1;
        var model = await Adapters.ModelAsync(family, $"tools={count},chunks=3,text=Let%20me%20check.");

        var (_, message) = await AskAsync(TestMessages.Of(model, stream, Tools));

        Assert.Equal(("Let me check.", "tool_use"), (message.Text, message.StopReason));
        (string?, string)[] expected = [("get_weather", """{"city":"Xi'an"}"""), ("get_time", """{"city":"Xi'an"}""")];
        Assert.Equal(expected[..count], message.Tools);
        Assert.Equal(count + 1, message.Blocks.Count);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_tool_call_without_arguments_has_an_empty_input(bool stream)
    {
        var model = await Adapters.ModelAsync(family, "tools,toolargs=");

        var (_, message) = await AskAsync(TestMessages.Of(model, stream, Tools));

        Assert.Equal([("get_weather", "{}")], message.Tools);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Reasoning_is_thinking_and_counted(bool stream)
    {
        if (!family.ShowsReasoning) return;
        var model = await Adapters.ModelAsync(family, "reasoning=8");
        var call = TestMessages.Of(model, stream);

        var (_, message) = await AskAsync(call);

        Assert.Equal((Greeting, 32, "thinking"), (message.Text, message.Thinking.Length, (string?)message.Blocks[0]!["type"]));
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.Completed, new TokenCounts(11, 17) { Reasoning = family.ReportsReasoning ? 8 : 0 }));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_answer_at_its_limit_says_so(bool stream)
    {
        var model = await Adapters.ModelAsync(family);

        var (_, message) = await AskAsync(TestMessages.Of(model, stream, "\"max_tokens\":4"));

        Assert.Equal(("Hello! The sandb", "max_tokens"), (message.Text, message.StopReason));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_answer_that_the_provider_filtered_is_a_refusal_and_charged_as_used(bool stream)
    {
        var model = await Adapters.ModelAsync(family, "filter");
        var call = TestMessages.Of(model, stream);

        var (_, message) = await AskAsync(call);

        Assert.Equal("refusal", message.StopReason);
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.ContentFilter, new TokenCounts(11, 9)), refusal: family.RefusedFor);
    }

    [Fact]
    public async Task A_plain_answer_that_we_block_is_empty_and_costs_the_prompt()
    {
        var model = await Adapters.ModelAsync(family, $"text=This%20is%20{Peers.Blocked}%20indeed");
        var call = TestMessages.Of(model, stream: false);

        var (answer, message) = await AskAsync(call);

        Assert.Equal((200, 0, "refusal"), (answer.Status, message.Blocks.Count, message.StopReason));
        Assert.Equal((11, 0, 0, 0), message.Tokens);
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.OutputCut, new TokenCounts(11, 0)));
    }

    [Fact]
    public async Task A_stream_that_we_cut_ends_well_formed_and_costs_the_prompt_and_what_was_shown()
    {
        // 180 harmless characters go out in the first window or two; the word comes after them.
        var harmless = string.Concat(Enumerable.Repeat("river stone lantern ", 9));
        var model = await Adapters.ModelAsync(family, $"chunks=30,interval=20ms,usage=none,text={Uri.EscapeDataString(harmless + Peers.Blocked + " and more")}");
        var call = TestMessages.Of(model, stream: true);

        var (answer, message) = await AskAsync(call);

        Assert.Equal((200, false, true, "refusal"), (answer.Status, answer.IsBroken, message.IsComplete, message.StopReason));
        Assert.NotEmpty(message.Text);
        Assert.StartsWith(message.Text, harmless + Peers.Blocked[..8], StringComparison.Ordinal);
        var (input, output) = (TestMessages.CountPrompt(family, call), family.Count(message.Text));
        Assert.Equal((input, output, 0, 0), message.Tokens);
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.OutputCut, new TokenCounts(input, output, 0, Estimated: true)));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task What_must_not_be_said_must_not_be_an_argument_of_a_tool_either(bool stream)
    {
        var model = await Adapters.ModelAsync(family, $"tools,chunks=4,toolargs={Uri.EscapeDataString($$"""{"city":"{{Peers.Blocked}}"}""")}");

        var (answer, message) = await AskAsync(TestMessages.Of(model, stream, Tools));

        Assert.Equal((false, "refusal"), (answer.IsBroken, message.StopReason));
        Assert.DoesNotContain(Peers.Blocked[..6], answer.Text, StringComparison.Ordinal);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Usage_that_is_not_there_is_counted_and_shown(bool stream)
    {
        var model = await Adapters.ModelAsync(family, "usage=none");
        var call = TestMessages.Of(model, stream);

        var (_, message) = await AskAsync(call);

        var (input, output) = (TestMessages.CountPrompt(family, call), family.Count(message.Text));
        Assert.Equal((input, output, 0, 0), message.Tokens);
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.Completed, new TokenCounts(input, output, 0, Estimated: true)));
    }

    [Theory]
    [InlineData("cut=4")]
    [InlineData("end=4")]
    [InlineData("garbage=4")]
    [InlineData("errorframe=4")]
    public async Task A_stream_that_breaks_off_or_turns_into_garbage_is_free_and_the_client_notices(string script)
    {
        var gate = $"gate-{Guid.CreateVersion7():N}";
        var model = await Adapters.ModelAsync(family, $"chunks=7,gate={gate},gateafter=4,{script}");
        var call = TestMessages.Of(model, stream: true);

        // It happens once the client has seen the four pieces before it, however long they are held back.
        var answer = await fixture.AskThroughGateAsync(call, gate, Greeting[15..20]);
        var message = MessageAnswer.Of(answer);

        Assert.Equal((200, true, false), (answer.Status, answer.IsBroken, message.IsComplete));
        Assert.Equal(("api_error", call.RequestId.ToString()), ((string?)message.Error!["error"]!["type"], (string?)message.Error["request_id"]));
        Assert.Equal(Greeting[..20], message.Text);
        var input = family.TellsInputFirst ? 11 : TestMessages.CountPrompt(family, call);
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.ProviderCut, new TokenCounts(input, family.Count(message.Text), 0, Estimated: true)));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_error_of_the_provider_is_free_and_says_nothing_of_our_account(bool stream)
    {
        foreach (var error in family.Errors)
        {
            var model = await Adapters.ModelAsync(family, error.Script);
            var call = TestMessages.Of(model, stream);

            var (answer, message) = await AskAsync(call);

            var type = error.Status switch
            {
                404 => "not_found_error",
                413 => "request_too_large",
                429 => "rate_limit_error",
                503 => "overloaded_error",
                >= 500 => "api_error",
                _ => "invalid_request_error",
            };
            var said = message.Error!["error"]!;
            Assert.Equal((error.Status, error.Failure, type, error.Code), (answer.Status, answer.Failure, (string?)said["type"], (string?)said["details"]?["error_code"]));
            foreach (var secret in new[] { family.Credential, "upstream-secret", "127.0.0.1", "org-sandbox" }) Assert.DoesNotContain(secret, answer.Text, StringComparison.OrdinalIgnoreCase);
            await fixture.AssertRecordedAsync(call.Row(model, EndCause.ProviderError, TokenCounts.None), refusal: family.RefusedForOf(error));
        }
    }

    private async Task<(Answer Answer, MessageAnswer Message)> AskAsync(TestCall call)
    {
        var answer = await Adapters.AskAsync(call);
        return (answer, MessageAnswer.Of(answer));
    }
}
