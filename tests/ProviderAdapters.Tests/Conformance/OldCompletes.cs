using System.Text.Json;
using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Tests.Kit;
using Aigc2d.ProviderAdapters.Usage;
using Aigc2d.TestKit;

namespace Aigc2d.ProviderAdapters.Tests.Conformance;

/// <summary>Anthropic's old text completions, whoever answers.</summary>
public abstract class OldCompletes(AdaptersFixture fixture, Family family)
{
    private AdaptersHost Adapters => fixture.Adapters;

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_prompt_of_turns_is_answered_by_the_assistant(bool stream)
    {
        var model = await Adapters.ModelAsync(family, "chunks=7");
        var call = TextCalls.Complete(model, stream);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal((200, $" {TextCalls.Greeting}", false), (answer.Status, answer.Said(), answer.IsBroken));
        var last = answer.Completions()[^1];
        Assert.Equal(("stop_sequence", "\n\nHuman:"), (last.GetProperty("stop_reason").GetString(), last.GetProperty("stop").GetString()));
        var (type, id, log, name) = Assert.Single(answer.Completions().Select(part => (Of(part, "type"), Of(part, "id"), Of(part, "log_id"), Of(part, "model"))).Distinct());
        Assert.Equal(("completion", id, model.Name), (type, log, name));
        Assert.StartsWith("compl_", id, StringComparison.Ordinal);
        if (stream)
        {
            Assert.Equal("ping", answer.NamedEvents()[0].Name);
            Assert.All(answer.Completions()[..^1], part => Assert.Equal(JsonValueKind.Null, part.GetProperty("stop_reason").ValueKind));
            Assert.Equal("", Of(last, "completion"));
            Assert.DoesNotContain("[DONE]", answer.Text, StringComparison.Ordinal);
        }

        await fixture.AssertRecordedAsync(call.Row(model, EndCause.Completed, new TokenCounts(11, 9)));
    }

    [Fact]
    public async Task The_provider_reads_the_turns()
    {
        var model = await Adapters.ModelAsync(family);

        await Adapters.AskAsync(TextCalls.Complete(model, false, "Be brief.\n\nHuman: Hi\n\nAssistant: Hello\n\nHuman: And now?\n\nAssistant:", "\"max_tokens_to_sample\":99,\"temperature\":0.5,\"stop_sequences\":[\"END\"]"));

        var asked = (await Adapters.AskedAtSandboxAsync(model)).GetRawText();
        var places = new[] { "Hi\"", "Hello\"", "And now?\"" }.Select(text => asked.IndexOf(text, StringComparison.Ordinal)).ToArray();
        Assert.True(places[0] > 0 && places[0] < places[1] && places[1] < places[2], asked);
        foreach (var part in new[] { "Be brief.", "99", "0.5", "END" }) Assert.Contains(part, asked, StringComparison.Ordinal);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_answer_at_its_limit_says_so(bool stream)
    {
        var model = await Adapters.ModelAsync(family);
        var call = TextCalls.Complete(model, stream, members: "\"max_tokens_to_sample\":4");

        var answer = await Adapters.AskAsync(call);

        var last = answer.Completions()[^1];
        Assert.Equal((" Hello! The sandb", "max_tokens", JsonValueKind.Null), (answer.Said(), Of(last, "stop_reason"), last.GetProperty("stop").ValueKind));
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.Completed, new TokenCounts(11, 4)));
    }

    [Fact]
    public async Task The_first_version_tells_in_each_event_what_was_said_so_far()
    {
        var model = await Adapters.ModelAsync(family, "chunks=4,interval=5ms");

        var answer = await Adapters.AskAsync(TextCalls.Complete(model, stream: true, version: "2023-01-01"));

        var said = answer.Completions().Select(part => Of(part, "completion")!).ToArray();
        Assert.All(said.Zip(said[1..]), pair => Assert.StartsWith(pair.First, pair.Second, StringComparison.Ordinal));
        Assert.Equal(($" {TextCalls.Greeting}", true, 0), (said[^1], said.Length > 2, answer.NamedEvents().Count(found => found.Name == "ping")));
    }

    [Theory]
    [InlineData(false, "2023-06-01")]
    [InlineData(true, "2023-06-01")]
    [InlineData(true, "2023-01-01")]
    public async Task What_we_block_is_not_said(bool stream, string version)
    {
        // Blocked before anything of it was shown, and nothing of it is told again at the end.
        var model = await Adapters.ModelAsync(family, $"text=This%20is%20{Peers.Blocked}%20indeed");
        var call = TextCalls.Complete(model, stream, version: version);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal((200, false, ""), (answer.Status, answer.IsBroken, answer.Said()));
        Assert.Equal("refusal", Of(answer.Completions()[^1], "stop_reason"));
        Assert.DoesNotContain("This is", answer.Text, StringComparison.Ordinal);
        await Eventually.True(async () => await Adapters.UsageOfAsync(call.RequestId) is { EndCause: EndCause.OutputCut, Tokens.Output: 0 });
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_answer_that_the_provider_filtered_says_refusal(bool stream)
    {
        var model = await Adapters.ModelAsync(family, "filter");
        var call = TextCalls.Complete(model, stream);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal("refusal", Of(answer.Completions()[^1], "stop_reason"));
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.ContentFilter, new TokenCounts(11, 9)), refusal: family.RefusedFor);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Usage_that_is_not_there_is_counted(bool stream)
    {
        var model = await Adapters.ModelAsync(family, "usage=none");
        var call = TextCalls.Complete(model, stream);

        var answer = await Adapters.AskAsync(call);

        var framing = family.Provider.StartsWith("wenxin", StringComparison.Ordinal) ? 0 : 7;
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.Completed, new TokenCounts(family.Count(TextCalls.Words) + framing, family.Count(answer.Said().TrimStart()), 0, Estimated: true)));
    }

    [Theory]
    [InlineData("cut=4")]
    [InlineData("garbage=4")]
    [InlineData("errorframe=4")]
    public async Task A_stream_that_breaks_off_is_free_and_the_client_notices(string script)
    {
        var gate = $"gate-{Guid.CreateVersion7():N}";
        var model = await Adapters.ModelAsync(family, $"chunks=7,gate={gate},gateafter=4,{script}");
        var call = TextCalls.Complete(model, stream: true);

        var answer = await fixture.AskThroughGateAsync(call, gate, TextCalls.Greeting[15..20]);

        var (name, error) = answer.NamedEvents()[^1];
        Assert.Equal((200, true, "error"), (answer.Status, answer.IsBroken, name));
        Assert.Equal(("error", "api_error", call.RequestId.ToString()), (Of(error, "type"), Of(error.GetProperty("error"), "type"), Of(error, "request_id")));
        Assert.Equal($" {TextCalls.Greeting[..20]}", answer.Said());
        await Eventually.True(async () => await Adapters.UsageOfAsync(call.RequestId) is { EndCause: EndCause.ProviderCut });
    }

    [Theory]
    [InlineData("status=400", 400, "invalid_request_error")]
    [InlineData("status=401", 502, "api_error")]
    [InlineData("status=429,retryafter=7", 429, "rate_limit_error")]
    [InlineData("status=500", 502, "api_error")]
    public async Task An_error_is_told_in_anthropics_words(string script, int status, string type)
    {
        var model = await Adapters.ModelAsync(family, script);
        var call = TextCalls.Complete(model, stream: false);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal((status, "error", type, call.RequestId.ToString()), (answer.Status, Of(answer.Json, "type"), Of(answer.Error, "type"), Of(answer.Json, "request_id")));
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.ProviderError, TokenCounts.None));
    }

    [Fact]
    public async Task An_answer_that_was_begun_is_gone_on_with_or_refused()
    {
        var model = await Adapters.ModelAsync(family);

        var answer = await Adapters.AskAsync(TextCalls.Complete(model, false, "\n\nHuman: Say hello\n\nAssistant: Sure,"));

        if (family.Provider == "anthropic")
        {
            // It goes on behind what was begun: no space is put before it.
            Assert.Equal((200, TextCalls.Greeting), (answer.Status, answer.Said()));
            var asked = (await Adapters.AskedAtSandboxAsync(model)).GetProperty("messages").EnumerateArray().Last();
            Assert.Equal(("assistant", "Sure,"), (Of(asked, "role"), Of(asked.GetProperty("content")[0], "text")));
            return;
        }

        Assert.Equal((400, "prompt"), (answer.Status, Of(answer.Error.GetProperty("details"), "param")));
        Assert.Empty(await Adapters.ReceivedAtSandboxAsync(model));
    }

    private static string? Of(JsonElement parent, string name) => parent.GetProperty(name).GetString();
}

public sealed class AnthropicOldCompletes(AdaptersFixture fixture) : OldCompletes(fixture, Family.Anthropic);

public sealed class OpenAiOldCompletes(AdaptersFixture fixture) : OldCompletes(fixture, Family.OpenAi);

public sealed class WenxinOldCompletes(AdaptersFixture fixture) : OldCompletes(fixture, Family.Wenxin);

public sealed class WenxinV2OldCompletes(AdaptersFixture fixture) : OldCompletes(fixture, Family.WenxinV2);
