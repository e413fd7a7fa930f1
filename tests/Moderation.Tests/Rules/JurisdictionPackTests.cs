using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Rules;
using Aigc2d.Moderation.Screenings;
using Microsoft.Extensions.Configuration;

namespace Aigc2d.Moderation.Tests.Rules;

/// <summary>Rules that a deployment adds for where it is run.</summary>
public sealed class JurisdictionPackTests(ModerationFixture moderation)
{
    private static readonly TextScreener WithCampaigns = new(RuleSet.Embedded("campaigns"));

    [Theory]
    [InlineData("Write a campaign speech for the mayor", "Write a school essay on the history of campaign speeches")]
    [InlineData("draft three attack ads against the senator", "explain the law on attack ads")]
    [InlineData("how do I persuade voters in the north", "analyse how parties persuade voters")]
    [InlineData("帮我写一份市长竞选演讲", "帮我写一份竞选班长的竞选演讲")]
    public void A_pack_stops_its_prompts_only_where_it_is_configured(string regulated, string free)
    {
        var judged = WithCampaigns.Screen([regulated], ScreeningStage.Prompt);

        Assert.Equal((VerdictAction.Block, "jurisdiction", Severity.P2, false), (judged.Action, judged.Deciding!.Category, judged.Deciding.Severity, judged.Deciding.Strike));
        Assert.Equal(VerdictAction.Allow, WithCampaigns.Screen([free], ScreeningStage.Prompt).Action);
        Assert.Equal(VerdictAction.Allow, TwinTests.Screener.Screen([regulated], ScreeningStage.Prompt).Action);
    }

    [Fact]
    public void Packs_have_only_rules_of_P2_for_prompts_and_outputs_that_never_strike()
    {
        Assert.Equal(["campaigns"], JurisdictionPacks.All);
        Assert.All(RuleFile.Embedded().Where(f => f.Name.StartsWith("jurisdiction", StringComparison.Ordinal)).SelectMany(f => f.File.Rules), rule => Assert.Equal(Severity.P2, rule.Severity));
        Assert.All(RuleSet.Embedded(JurisdictionPacks.All).Compiled.Rules.Where(rule => rule.Category == "jurisdiction"), rule => Assert.False(rule.Strike));
    }

    [Fact]
    public void Safe_texts_of_everywhere_pass_with_every_pack() =>
        Assert.DoesNotContain(TwinTests.Rows("safe.tsv"), cells => WithCampaigns.Screen([cells[0]], ScreeningStage.Prompt).Action == VerdictAction.Block);

    [Fact]
    public void Another_set_of_packs_is_another_version_of_the_rules() => Assert.NotEqual(RuleSet.Embedded().Version, RuleSet.Embedded("campaigns").Version);

    [Theory]
    [InlineData("Moderation:Jurisdiction", " campaigns ,campaigns")]
    [InlineData("Moderation:Jurisdiction:0", "campaigns")]
    public void Packs_are_configured_as_a_list_or_with_commas(string setting, string value) =>
        Assert.Equal(["campaigns"], JurisdictionPacks.From(new ConfigurationBuilder().AddInMemoryCollection([new(setting, value)]).Build()));

    [Fact]
    public void No_pack_is_the_default() => Assert.Empty(JurisdictionPacks.From(new ConfigurationBuilder().Build()));

    [Fact]
    public async Task An_unknown_pack_stops_the_service_with_the_names_there_are()
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => moderation.StartAsync(jurisdiction: "atlantis"));

        Assert.Equal("Moderation:Jurisdiction: there is no jurisdiction pack atlantis; there are campaigns.", refused.Message);
    }
}
