using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Tests.Kit;
using Aigc2d.ProviderAdapters.Usage;
using Aigc2d.TestKit;

namespace Aigc2d.ProviderAdapters.Tests.Conformance;

/// <summary>Calls that the provider fails, refuses or breaks off: free, and the client learns of it.</summary>
public abstract class BrokenUpstreams(AdaptersFixture fixture, Family family)
{
    private const string Greeting = "Hello! The sandbox is here to help.";

    private AdaptersHost Adapters => fixture.Adapters;

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_error_of_the_provider_is_free_and_says_nothing_of_our_account(bool stream)
    {
        foreach (var error in family.Errors)
        {
            var model = await Adapters.ModelAsync(family, error.Script);
            var call = TestCall.Of(model, stream);

            var answer = await Adapters.AskAsync(call);

            Assert.Equal(error, new ProviderError(error.Script, answer.Status, answer.Failure!, answer.Error.GetProperty("code").GetString()!));
            foreach (var secret in new[] { family.Credential, "upstream-secret", "1234", "127.0.0.1", "org-sandbox" }) Assert.DoesNotContain(secret, answer.Text, StringComparison.OrdinalIgnoreCase);
            await fixture.AssertRecordedAsync(call.Row(model, EndCause.ProviderError, TokenCounts.None), refusal: family.RefusedForOf(error));
        }
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_upstream_that_is_not_there_is_free(bool stream)
    {
        var model = await Adapters.ModelAtAsync(family, new Uri($"http://127.0.0.1:{TestSockets.FreePort()}/v1/"));
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
        var adapters = await fixture.SharedAsync(new() { ["Calls:MaxPlainBytes"] = "1000000" });
        var model = await adapters.ModelAsync(family, script);
        var call = TestCall.Of(model, stream: false);

        var answer = await adapters.AskAsync(call);

        Assert.Equal((502, "provider_error", "provider_error"), (answer.Status, answer.Failure, answer.Error.GetProperty("code").GetString()));
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.ProviderCut, new TokenCounts(family.CountPrompt(call), 0, 0, Estimated: true)), adapters);
    }

    [Fact]
    public async Task A_plain_200_that_is_an_error_is_free()
    {
        var model = await Adapters.ModelAsync(family, "errorframe=0");
        var call = TestCall.Of(model, stream: false);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal(family.PlainError, (answer.Status, answer.Failure));
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.ProviderError, TokenCounts.None));
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
        var call = TestCall.Of(model, stream: true);

        // It happens once the client has seen the four pieces before it, however long they are held back.
        var answer = await fixture.AskThroughGateAsync(call, gate, Greeting[15..20]);

        Assert.Equal((200, true), (answer.Status, answer.IsBroken));
        Assert.Equal(("provider_error", "server_error"), (answer.Error.GetProperty("code").GetString(), answer.Error.GetProperty("type").GetString()));
        Assert.Equal(Greeting[..20], answer.Content);
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.ProviderCut, new TokenCounts(family.PromptOnceBegun(call), family.Count(answer.Content), 0, Estimated: true)));
    }

    [Fact]
    public async Task A_line_of_twenty_megabytes_ends_the_stream()
    {
        var model = await Adapters.ModelAsync(family, "bigline=20MB");
        var call = TestCall.Of(model, stream: true);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal(family.OpensWithRole ? (200, true) : (502, false), (answer.Status, answer.IsBroken));
        Assert.Equal("provider_error", answer.Error.GetProperty("code").GetString());
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.ProviderCut, new TokenCounts(family.OpensWithRole ? family.PromptOnceBegun(call) : family.CountPrompt(call), 0, 0, Estimated: true)));
    }

    [Fact]
    public async Task A_model_that_no_channel_ever_listed_is_unknown_and_its_hold_is_released()
    {
        var call = TestCall.Of(new TestModel($"never-heard-of-{family}", "", ""), stream: false);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal((404, "model_not_found", "model_not_found"), (answer.Status, answer.Failure, answer.Error.GetProperty("code").GetString()));
        await fixture.AssertRecordedAsync(call.Row(null, EndCause.ProviderError, TokenCounts.None, accepted: false));
    }
}
