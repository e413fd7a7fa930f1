using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Tests.Kit;
using Aigc2d.ProviderAdapters.Usage;

namespace Aigc2d.ProviderAdapters.Tests.Conformance;

public sealed class AnthropicCompleteAnswers(AdaptersFixture fixture) : CompleteAnswers(fixture, Family.Anthropic);

public sealed class AnthropicBrokenUpstreams(AdaptersFixture fixture) : BrokenUpstreams(fixture, Family.Anthropic);

public sealed class AnthropicLostClients(AdaptersFixture fixture) : LostClients(fixture, Family.Anthropic);

public sealed class AnthropicTimeLimits(AdaptersFixture fixture) : TimeLimits(fixture, Family.Anthropic);

public sealed class AnthropicOurOutages(AdaptersFixture fixture) : OurOutages(fixture, Family.Anthropic);

public sealed class AnthropicTranslations(AdaptersFixture fixture) : Translations(fixture, Family.Anthropic);

public sealed class AnthropicAnthropicClients(AdaptersFixture fixture) : AnthropicClients(fixture, Family.Anthropic);

/// <summary>It has no embeddings.</summary>
public sealed class AnthropicEmbeddings(AdaptersFixture fixture)
{
    [Fact]
    public async Task A_call_for_embeddings_is_refused_before_anybody_is_asked()
    {
        var model = await fixture.Adapters.ModelAsync(Family.Anthropic);
        var call = TestEmbeddings.Of(model, "Hello");

        var answer = await fixture.Adapters.AskAsync(call);

        Assert.Equal(
            (400, "invalid_request", "model", "'model' is a chat model, which cannot be called on this route."),
            (answer.Status, answer.Failure, answer.Error.GetProperty("param").GetString(), answer.Error.GetProperty("message").GetString()));
        Assert.Empty(await fixture.Adapters.ReceivedAtSandboxAsync(model));
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.ProviderError, TokenCounts.None, accepted: false));
    }
}
