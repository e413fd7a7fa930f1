using System.Net.Http.Json;
using System.Text.Json;
using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Tests.Kit;
using Aigc2d.ProviderAdapters.Usage;
using Aigc2d.TestKit;

namespace Aigc2d.ProviderAdapters.Tests.Conformance;

/// <summary>OpenAI's old completions, whoever answers: a model that completes with its own bytes, one that chats in translation.</summary>
public abstract class TextCompletions(AdaptersFixture fixture, Family family)
{
    private readonly bool _isPassedOn = family.UpstreamPrefix.Contains("instruct", StringComparison.Ordinal);

    private AdaptersHost Adapters => fixture.Adapters;

    /// <summary>The Sandbox counts the text, and seven tokens around it in a chat.</summary>
    private int PromptTokens => _isPassedOn ? 4 : 11;

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_prompt_is_answered_with_its_continuation(bool stream)
    {
        var model = await Adapters.ModelAsync(family, "chunks=7");
        var call = TextCalls.Completion(model, stream);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal((200, TextCalls.Greeting, false), (answer.Status, answer.TextOf(), answer.IsBroken));
        Assert.Equal(["stop"], answer.EndsOf());
        var parts = stream ? answer.Chunks : [answer.Json];
        var (id, kind) = Assert.Single(parts.Select(part => (part.GetProperty("id").GetString()!, part.GetProperty("object").GetString())).Distinct());
        Assert.StartsWith("cmpl-", id, StringComparison.Ordinal);
        Assert.Equal(("text_completion", stream), (kind, parts.All(part => !part.TryGetProperty("usage", out _))));
        Assert.Equal(stream ? 1 : 0, answer.Events.Count(data => data == "[DONE]"));
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.Completed, new TokenCounts(PromptTokens, 9)));
    }

    [Fact]
    public async Task The_provider_reads_the_prompt_and_sixteen_tokens_are_the_limit()
    {
        var model = await Adapters.ModelAsync(family);

        await Adapters.AskAsync(TextCalls.Completion(model, stream: false, "\"temperature\":0.5,\"stop\":\"x\""));

        var asked = await Adapters.AskedAtSandboxAsync(model);
        Assert.Equal(0.5, asked.GetProperty("temperature").GetDouble());
        if (_isPassedOn)
        {
            Assert.Equal((TextCalls.Words, false), (asked.GetProperty("prompt").GetString(), asked.TryGetProperty("max_tokens", out _)));
            return;
        }

        var message = Assert.Single(asked.GetProperty("messages").EnumerateArray());
        Assert.Equal("user", message.GetProperty("role").GetString());
        Assert.Contains(TextCalls.Words, message.GetProperty("content").GetRawText(), StringComparison.Ordinal);
        string[] limits = ["max_tokens", "max_completion_tokens", "max_output_tokens"];
        Assert.Equal(16, limits.Where(name => asked.TryGetProperty(name, out _)).Select(name => asked.GetProperty(name).GetInt32()).Single());
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_answer_at_its_limit_says_length(bool stream)
    {
        var model = await Adapters.ModelAsync(family);
        var call = TextCalls.Completion(model, stream, "\"max_tokens\":4");

        var answer = await Adapters.AskAsync(call);

        Assert.Equal(("Hello! The sandb", "length"), (answer.TextOf(), answer.EndsOf().Single()));
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.Completed, new TokenCounts(PromptTokens, 4)));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_answer_that_the_provider_filtered_is_charged_as_used(bool stream)
    {
        var model = await Adapters.ModelAsync(family, "filter");
        var call = TextCalls.Completion(model, stream);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal(["content_filter"], answer.EndsOf());
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.ContentFilter, new TokenCounts(PromptTokens, 9)), refusal: family.RefusedFor);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_answer_that_we_block_is_taken_back(bool stream)
    {
        var model = await Adapters.ModelAsync(family, $"text=This%20is%20{Peers.Blocked}%20indeed");
        var call = TextCalls.Completion(model, stream);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal((200, false, ""), (answer.Status, answer.IsBroken, answer.TextOf()));
        Assert.Equal(["content_filter"], answer.EndsOf());
        Assert.DoesNotContain("\"delta\"", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"message\"", answer.Text, StringComparison.Ordinal);
        await Eventually.True(async () => await Adapters.UsageOfAsync(call.RequestId) is { EndCause: EndCause.OutputCut, Tokens.Output: 0 });
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Usage_that_is_not_there_is_counted(bool stream)
    {
        var model = await Adapters.ModelAsync(family, "usage=none");
        var call = TextCalls.Completion(model, stream);

        var answer = await Adapters.AskAsync(call);

        var framing = _isPassedOn || family.Provider.StartsWith("wenxin", StringComparison.Ordinal) ? 0 : 7;
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.Completed, new TokenCounts(family.Count(TextCalls.Words) + framing, family.Count(answer.TextOf()), 0, Estimated: true)));
    }

    [Fact]
    public async Task Usage_is_shown_to_who_asks_for_it()
    {
        var model = await Adapters.ModelAsync(family);

        var answer = await Adapters.AskAsync(TextCalls.Completion(model, stream: true, "\"stream_options\":{\"include_usage\":true}"));

        var last = answer.Chunks[^1];
        Assert.Equal(("text_completion", 0, PromptTokens, 9), (last.GetProperty("object").GetString(), last.GetProperty("choices").GetArrayLength(), Of("prompt_tokens"), Of("completion_tokens")));
        Assert.All(answer.Chunks[..^1], chunk => Assert.Equal(JsonValueKind.Null, chunk.GetProperty("usage").ValueKind));

        int Of(string name) => last.GetProperty("usage").GetProperty(name).GetInt32();
    }

    [Theory]
    [InlineData("cut=4")]
    [InlineData("garbage=4")]
    [InlineData("errorframe=4")]
    public async Task A_stream_that_breaks_off_is_free_and_the_client_notices(string script)
    {
        var gate = $"gate-{Guid.CreateVersion7():N}";
        var model = await Adapters.ModelAsync(family, $"chunks=7,gate={gate},gateafter=4,{script}");
        var call = TextCalls.Completion(model, stream: true);

        var answer = await fixture.AskThroughGateAsync(call, gate, TextCalls.Greeting[15..20]);

        Assert.Equal((200, true, "provider_error"), (answer.Status, answer.IsBroken, answer.Error.GetProperty("code").GetString()));
        Assert.Equal(TextCalls.Greeting[..20], answer.TextOf());
        await Eventually.True(async () => await Adapters.UsageOfAsync(call.RequestId) is { EndCause: EndCause.ProviderCut });
    }

    [Fact]
    public async Task An_error_is_told_in_openais_words_about_the_prompt()
    {
        var model = await Adapters.ModelAsync(family, "status=400,code=context_length_exceeded");

        var answer = await Adapters.AskAsync(TextCalls.Completion(model, stream: false));

        Assert.Equal((400, "context_length_exceeded"), (answer.Status, answer.Error.GetProperty("code").GetString()));
        Assert.DoesNotContain("\"messages", answer.Text, StringComparison.Ordinal);
    }

    /// <summary>What only models that complete can do: those get it as it is, for the others it is refused.</summary>
    [Theory]
    [InlineData("\"suffix\":\"!\"", "suffix")]
    [InlineData("\"echo\":true", "echo")]
    [InlineData("\"logprobs\":0", "logprobs")]
    [InlineData("\"best_of\":2", "best_of")]
    [InlineData("\"prompt\":[\"a\",\"b\"]", "prompt")]
    public async Task What_chats_cannot_do_is_refused_by_its_name(string member, string name)
    {
        var model = await Adapters.ModelAsync(family);
        var call = TextCalls.Completion(model, stream: false, member);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal(_isPassedOn ? 200 : 400, answer.Status);
        Assert.Equal(_isPassedOn ? 1 : 0, (await Adapters.ReceivedAtSandboxAsync(model)).Length);
        if (_isPassedOn) return;

        Assert.Equal((name, "invalid_value"), (answer.Error.GetProperty("param").GetString(), answer.Error.GetProperty("code").GetString()));
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.ProviderError, TokenCounts.None, accepted: false));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Several_answers_are_given_where_the_family_can(bool stream)
    {
        var model = await Adapters.ModelAsync(family);

        var answer = await Adapters.AskAsync(TextCalls.Completion(model, stream, "\"n\":2"));

        if (!family.TakesSeveralChoices)
        {
            Assert.Equal((400, "n"), (answer.Status, answer.Error.GetProperty("param").GetString()));
            return;
        }

        Assert.Equal((TextCalls.Greeting, TextCalls.Greeting), (answer.TextOf(0), answer.TextOf(1)));
        Assert.Equal(["stop", "stop"], answer.EndsOf());
    }

    [Fact]
    public async Task An_operators_test_of_the_channel_says_whether_it_answers()
    {
        var model = await Adapters.ModelAsync(family);

        using var response = await Adapters.Client.PostAsJsonAsync($"/admin/channels/{model.ChannelId}/test", new { model = model.Name });

        var result = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((true, 200), (result.GetProperty("ok").GetBoolean(), result.GetProperty("status").GetInt32()));
    }
}

public sealed class OpenAiTextCompletions(AdaptersFixture fixture) : TextCompletions(fixture, TextCalls.Completing(Family.OpenAi));

public sealed class AzureTextCompletions(AdaptersFixture fixture) : TextCompletions(fixture, TextCalls.Completing(Family.Azure));

public sealed class ChatTextCompletions(AdaptersFixture fixture) : TextCompletions(fixture, Family.OpenAi);

public sealed class AnthropicTextCompletions(AdaptersFixture fixture) : TextCompletions(fixture, Family.Anthropic);

public sealed class WenxinTextCompletions(AdaptersFixture fixture) : TextCompletions(fixture, Family.Wenxin);

public sealed class WenxinV2TextCompletions(AdaptersFixture fixture) : TextCompletions(fixture, Family.WenxinV2);
