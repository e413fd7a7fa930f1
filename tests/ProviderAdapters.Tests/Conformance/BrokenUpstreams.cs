using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Tests.Kit;
using Aigc2d.ProviderAdapters.Usage;
using Aigc2d.TestKit;

namespace Aigc2d.ProviderAdapters.Tests.Conformance;

/// <summary>Calls that the provider fails, refuses or breaks off: free, and the client learns of it.</summary>
public sealed class BrokenUpstreams(AdaptersFixture fixture)
{
    private const string Greeting = "Hello! The sandbox is here to help.";

    private AdaptersHost Adapters => fixture.Adapters;

    [Theory]
    [InlineData("status=500", 502, "provider_error", "provider_error")]
    [InlineData("status=401", 502, "provider_error", "provider_error")]
    [InlineData("status=403", 502, "provider_error", "provider_error")]
    [InlineData("status=404", 502, "provider_error", "provider_error")]
    [InlineData("status=302", 502, "provider_error", "provider_error")]
    [InlineData("status=429,code=insufficient_quota", 502, "provider_error", "provider_error")]
    [InlineData("status=429,retryafter=7", 429, "rate_limited", "rate_limit_exceeded")]
    [InlineData("status=400", 400, "invalid_request", "invalid_value")]
    [InlineData("status=400,code=context_length_exceeded", 400, "invalid_request", "context_length_exceeded")]
    public async Task An_error_of_the_provider_is_free_and_says_nothing_of_our_account(string script, int status, string failure, string code)
    {
        foreach (var stream in new[] { false, true })
        {
            var model = await Adapters.ModelAsync(script);
            var call = TestCall.Of(model, stream);

            var answer = await Adapters.AskAsync(call);

            Assert.Equal((status, failure, code), (answer.Status, answer.Failure, answer.Error.GetProperty("code").GetString()));
            foreach (var secret in new[] { "sk-upstream", "1234", "127.0.0.1", "org-sandbox" }) Assert.DoesNotContain(secret, answer.Text, StringComparison.OrdinalIgnoreCase);
            await fixture.AssertRecordedAsync(call.Row(model, EndCause.ProviderError, TokenCounts.None));
        }
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_upstream_that_is_not_there_is_free(bool stream)
    {
        var model = new TestModel($"model-nowhere-{stream}", "up", "up");
        model = model with { ChannelId = await Adapters.ChannelAsync(new Uri($"http://127.0.0.1:{TestSockets.FreePort()}/v1/"), model) };
        var call = TestCall.Of(model, stream);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal((502, "provider_error"), (answer.Status, answer.Failure));
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.ProviderError, TokenCounts.None, accepted: false));
    }

    [Theory]
    [InlineData("cut=0")]
    [InlineData("garbage=0")]
    [InlineData("bigline=20MB")]
    public async Task A_plain_answer_that_breaks_off_or_is_unreadable_is_free(string script)
    {
        var adapters = await fixture.StartAsync(new() { ["Calls:MaxPlainBytes"] = "1000000" });
        var model = await adapters.ModelAsync(script);
        var call = TestCall.Of(model, stream: false);

        var answer = await adapters.AskAsync(call);

        Assert.Equal((502, "provider_error", "provider_error"), (answer.Status, answer.Failure, answer.Error.GetProperty("code").GetString()));
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.ProviderCut, new TokenCounts(TestCall.CountedTokens, 0, 0, Estimated: true)), adapters);
    }

    [Fact]
    public async Task A_plain_200_that_is_an_error_is_free()
    {
        var model = await Adapters.ModelAsync("errorframe=0");
        var call = TestCall.Of(model, stream: false);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal((502, "provider_error"), (answer.Status, answer.Failure));
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.ProviderError, TokenCounts.None));
    }

    [Theory]
    [InlineData("cut=4")]
    [InlineData("end=4")]
    [InlineData("garbage=4")]
    [InlineData("errorframe=4")]
    public async Task A_stream_that_breaks_off_or_turns_into_garbage_is_free_and_the_client_notices(string script)
    {
        // Pauses longer than the hold-back limit, so that something has been shown when it happens.
        var model = await Adapters.ModelAsync($"interval=400ms,chunks=7,{script}");
        var call = TestCall.Of(model, stream: true);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal((200, true), (answer.Status, answer.IsBroken));
        Assert.Equal(("provider_error", "server_error"), (answer.Error.GetProperty("code").GetString(), answer.Error.GetProperty("type").GetString()));
        Assert.NotEmpty(answer.Content);
        Assert.StartsWith(answer.Content, Greeting, StringComparison.Ordinal);
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.ProviderCut, new TokenCounts(TestCall.CountedTokens, answer.ContentTokens, 0, Estimated: true)));
    }

    [Fact]
    public async Task A_line_of_twenty_megabytes_ends_the_stream()
    {
        var model = await Adapters.ModelAsync("bigline=20MB");
        var call = TestCall.Of(model, stream: true);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal((200, true), (answer.Status, answer.IsBroken));
        Assert.Equal("provider_error", answer.Error.GetProperty("code").GetString());
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.ProviderCut, new TokenCounts(TestCall.CountedTokens, 0, 0, Estimated: true)));
    }

    [Fact]
    public async Task A_model_that_no_channel_ever_listed_is_unknown_and_its_hold_is_released()
    {
        var call = TestCall.Of(new TestModel("never-heard-of", "", ""), stream: false);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal((404, "model_not_found", "model_not_found"), (answer.Status, answer.Failure, answer.Error.GetProperty("code").GetString()));
        await fixture.AssertRecordedAsync(call.Row(null, EndCause.ProviderError, TokenCounts.None, accepted: false));
    }
}
