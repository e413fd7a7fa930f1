using System.Net.Http.Json;
using Aigc2d.Contracts;
using Aigc2d.Contracts.Moderation;
using Aigc2d.TestKit;

namespace Aigc2d.Moderation.Tests.Providers;

/// <summary>A provider's moderation beside our own engine.</summary>
public sealed class ProviderScreeningTests(ModerationFixture fixture)
{
    private const string Harmless = "What is a good way to cook rice?";

    [Theory]
    [InlineData("always", Harmless, true)]
    [InlineData("always", ModerationFixture.Blocked, false)]
    [InlineData("uncertain", Harmless, false)]
    [InlineData("off", Harmless, false)]
    public async Task A_verdict_says_whether_a_provider_is_to_be_asked(string mode, string text, bool asks)
    {
        await using var provider = await ProviderStandIn.StartAsync();
        await using var service = await StartAsync(provider, mode);

        var verdict = Assert.Single(await ModerationFixture.ScreenAsync(service, ModerationFixture.Prompt(text)));

        Assert.Equal(asks, verdict.AskProvider);
        Assert.Empty(provider.Asked);
    }

    [Fact]
    public async Task An_output_is_never_shown_to_a_provider()
    {
        await using var provider = await ProviderStandIn.StartAsync();
        await using var service = await StartAsync(provider, "always");

        Assert.False(Assert.Single(await ModerationFixture.ScreenAsync(service, ModerationFixture.Prompt(Harmless) with { Stage = ScreeningStage.Output })).AskProvider);
    }

    [Theory]
    [InlineData("hate/threatening", 0.97, VerdictAction.Block, "hate")]
    [InlineData("hate", 0.3, VerdictAction.Review, "hate")]
    [InlineData("illicit/violent", 0.95, VerdictAction.Block, "illegal")]
    [InlineData("sexual/minors", 0.3, VerdictAction.Block, "child_safety")]
    [InlineData("self-harm/instructions", 0.95, VerdictAction.Block, "self_harm")]
    [InlineData("self-harm/intent", 0.95, VerdictAction.Support, "self_harm")]
    [InlineData("a-kind-to-come", 0.95, VerdictAction.Block, "illegal")]
    public async Task What_a_provider_flags_joins_our_own_verdict_and_is_recorded_without_a_strike(string flagged, double score, VerdictAction action, string category)
    {
        await using var provider = await ProviderStandIn.StartAsync();
        await using var service = await StartAsync(provider, "always");
        provider.Flagged = new() { [flagged] = score };
        var prompt = ModerationFixture.Prompt("first", Harmless);

        var verdict = await AskAsync(service, prompt);

        Assert.Equal((action, category, $"provider.{category}"), (verdict!.Action, verdict.Category, Assert.Single(verdict.Rules)));
        var (model, body) = Assert.Single(provider.Asked);
        Assert.Equal(("omni-moderation-latest", """[{"type":"text","text":"first"},{"type":"text","text":"What is a good way to cook rice?"}]"""), (model, body.GetProperty("input").GetRawText()));
        if (action == VerdictAction.Support) return;

        var row = await ModerationFixture.VerdictOfAsync(ModerationFixture.OwnerOf(service), prompt.RequestId);
        Assert.Equal((category, false), (row.GetProperty("category").GetString(), row.GetProperty("strike").GetBoolean()));
    }

    [Fact]
    public async Task Distress_that_a_provider_hears_is_helped_whatever_else_it_says_of_self_harm()
    {
        await using var provider = await ProviderStandIn.StartAsync();
        await using var service = await StartAsync(provider, "always");
        provider.Flagged = new() { ["self-harm/instructions"] = 0.97, ["self-harm/intent"] = 0.95, ["hate"] = 0.3 };

        var verdict = await AskAsync(service, ModerationFixture.Prompt(Harmless));

        Assert.Equal((VerdictAction.Support, "self_harm"), (verdict!.Action, verdict.Category));
    }

    [Fact]
    public async Task What_a_provider_does_not_flag_is_our_own_verdict()
    {
        await using var provider = await ProviderStandIn.StartAsync();
        await using var service = await StartAsync(provider, "always");

        var verdict = await AskAsync(service, ModerationFixture.Prompt(Harmless));

        Assert.Equal((VerdictAction.Allow, null, 0), (verdict!.Action, verdict.Category, verdict.Rules.Length));
    }

    public static TheoryData<string> Failures => ["no channel", "broken", "not json", "no results", "silent"];

    [Theory, MemberData(nameof(Failures))]
    public async Task Without_a_providers_word_always_closes_and_uncertain_keeps_our_own(string failure)
    {
        await using var provider = await ProviderStandIn.StartAsync();
        provider.Instead = ProviderStandIn.Failing(failure);
        await using var always = await StartAsync(provider, "always");
        await using var uncertain = await StartAsync(provider, "uncertain");

        Assert.Null(await AskAsync(always, ModerationFixture.Prompt(Harmless)));
        Assert.Equal(VerdictAction.Allow, (await AskAsync(uncertain, ModerationFixture.Prompt(Harmless)))!.Action);
        Assert.DoesNotContain(Harmless, always.Logs.ToString() + uncertain.Logs, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mode_that_is_none_stops_the_start()
    {
        await using var provider = await ProviderStandIn.StartAsync();
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(provider, "sometimes"));
        Assert.Equal("Moderation:Upstream is 'sometimes'; it must be off, uncertain or always.", fault.Message);
    }

    private Task<ServiceUnderTest> StartAsync(ProviderStandIn provider, string mode) =>
        fixture.StartAsync(provider: (mode, provider.Url));

    /// <summary>Null for 503.</summary>
    private static async Task<Verdict?> AskAsync(ServiceUnderTest service, Screening screening)
    {
        using var response = await service.Client.PostAsJsonAsync("/internal/screenings/provider", screening, ContractsJson.Default.Screening);
        if ((int)response.StatusCode == 503) return null;
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync(ContractsJson.Default.Verdict);
    }
}
