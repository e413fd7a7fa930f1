using Aigc2d.Moderation.Rules;
using Aigc2d.Moderation.Screenings;
using Microsoft.Extensions.DependencyInjection;

namespace Aigc2d.Moderation.Tests.Models;

/// <summary>Weights that do not belong to the rules are told when the service begins.</summary>
public sealed class RemarkTests(ModerationFixture moderation)
{
    private const string Remark = "Weights of the screening model: they were trained with rules ";

    [Theory]
    [InlineData("older", true)]
    [InlineData(null, false)]
    public async Task Weights_of_other_rules_are_told_once_and_packs_are_no_other_rules(string? trainedWith, bool isTold)
    {
        var model = OneWordModel.Make("zorblax", "harassment", ruleSet: trainedWith ?? RuleSet.Embedded().Version);
        var screener = new TextScreener(RuleSet.Embedded(JurisdictionPacks.All.Take(1).ToArray()), model);
        await using var service = await moderation.StartAsync(configure: builder => builder.Services.AddSingleton(screener));

        Assert.Equal(isTold ? 1 : 0, service.Logs.ToString().Split(Remark).Length - 1);
        Assert.NotEqual(screener.Rules.Version, RuleSet.VersionWithoutPacks);
    }
}
