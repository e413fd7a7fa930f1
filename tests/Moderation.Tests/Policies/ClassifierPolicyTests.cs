using System.Net;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Models;
using Aigc2d.Moderation.Rules;
using Aigc2d.Moderation.Screenings;
using Aigc2d.Moderation.Tests.Models;
using Aigc2d.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Aigc2d.Moderation.Tests.Policies;

/// <summary>Policies and plans in a running service whose classifier knows one word.</summary>
public sealed class ClassifierPolicyTests(ModerationFixture moderation)
{
    private const string Word = "zorblax";

    [Fact]
    public async Task A_threshold_is_previewed_then_put_and_then_decides()
    {
        await using var service = await StartAsync(0.855f);
        var before = ModerationFixture.Prompt(Word);
        Assert.Equal(VerdictAction.Block, (await ModerationFixture.ScreenAsync(service, before, ModerationFixture.Prompt("hello")))[0].Action);
        var row = await ModerationFixture.VerdictOfAsync(ModerationFixture.OwnerOf(service), before.RequestId);

        const string rows = """[{"category":"harassment","stage":"prompt","blockAt":0.9,"reviewAt":0.86,"reason":"too many games were stopped"}]""";
        var item = (await PolicyCalls.PreviewAsync(service, rows)).GetProperty("items")[0];
        await PolicyCalls.PutAsync(service, rows);
        var after = Assert.Single(await ModerationFixture.ScreenAsync(service, ModerationFixture.Prompt(Word)));

        Assert.Equal(("one word", "en", "block", 1), (row.GetProperty("model_version").GetString(), row.GetProperty("language").GetString(), row.GetProperty("action").GetString(), row.GetProperty("rule_ids").GetArrayLength()));
        Assert.Equal(0.855, row.GetProperty("scores")[Categories.IndexOf("harassment")].GetDouble(), 1e-3);
        Assert.Equal(
            """{"total":2,"changed":{"atLeast":1,"atMost":1},"now":{"block":{"atLeast":1,"atMost":1},"review":{"atLeast":0,"atMost":0}},"then":{"block":{"atLeast":0,"atMost":0},"review":{"atLeast":0,"atMost":0}}}""",
            item.GetProperty("screenings").GetRawText());
        Assert.Equal("""{"total":1,"changed":{"atLeast":1,"atMost":1}}""", item.GetProperty("verdicts").GetRawText());
        Assert.Equal(VerdictAction.Allow, after.Action);
    }

    [Fact]
    public async Task Rule_hits_that_are_to_be_reviewed_go_on_and_are_recorded_without_a_strike()
    {
        await using var service = await StartAsync(0.95f);
        await PolicyCalls.PutAsync(service, """[{"category":"illegal","stage":"prompt","onRuleHit":"review","reason":"r"}]""");
        var screening = ModerationFixture.Prompt(ModerationFixture.Blocked);

        var verdict = Assert.Single(await ModerationFixture.ScreenAsync(service, screening));

        var owner = ModerationFixture.OwnerOf(service);
        var row = await ModerationFixture.VerdictOfAsync(owner, screening.RequestId);
        Assert.Equal((VerdictAction.Review, "illegal"), (verdict.Action, verdict.Category));
        Assert.Equal(("review", "illegal", false), (row.GetProperty("action").GetString(), row.GetProperty("category").GetString(), row.GetProperty("strike").GetBoolean()));
        Assert.InRange(row.GetProperty("policy_version").GetInt64(), 1, long.MaxValue);
        Assert.Empty(await ModerationFixture.RowsAsync(owner, "select * from violations where request_id = $1", screening.RequestId));
    }

    [Fact]
    public async Task Rule_hits_that_are_allowed_go_on_without_a_trace()
    {
        await using var service = await StartAsync(0.95f, "deception");
        await PolicyCalls.PutAsync(service, """[{"category":"deception","stage":"prompt","onRuleHit":"allow","reason":"r"}]""");
        var text = ModerationFixture.Unsafe("deception");
        // The classifier knows one word, and the rules do not.
        var (allowed, doubted) = (ModerationFixture.Prompt(text), ModerationFixture.Prompt(text, Word));

        var verdicts = await ModerationFixture.ScreenAsync(service, allowed, doubted);

        var owner = ModerationFixture.OwnerOf(service);
        var row = await ModerationFixture.VerdictOfAsync(owner, doubted.RequestId);
        Assert.Equal([(VerdictAction.Allow, null), (VerdictAction.Block, "deception")], verdicts.Select(v => (v.Action, v.Category)));
        Assert.Equal("model.deception", row.GetProperty("rule_ids")[0].GetString());
        Assert.Empty(await ModerationFixture.RowsAsync(owner, "select * from verdicts where request_id = $1", allowed.RequestId));
    }

    [Fact]
    public async Task What_a_stricter_plan_would_stop_is_previewed()
    {
        await using var service = await StartAsync(0.6f);
        await ModerationFixture.ScreenAsync(service, ModerationFixture.Prompt(Word), ModerationFixture.Prompt("hello"), ModerationFixture.Prompt(Word) with { Strictness = Strictness.Relaxed });
        await ModerationFixture.VerdictCountAsync(ModerationFixture.OwnerOf(service), 2);

        var (status, body) = await PolicyCalls.SendAsync(service, HttpMethod.Get, "/admin/policies/strictness?from=standard&to=strict", null);

        var items = body.GetProperty("items").EnumerateArray().ToDictionary(i => (i.GetProperty("category").GetString(), i.GetProperty("stage").GetString()));
        Assert.Equal((HttpStatusCode.OK, 26), (status, items.Count));
        Assert.Equal(
            """{"category":"harassment","stage":"prompt","screenings":{"total":2,"changed":{"atLeast":1,"atMost":1},"now":{"block":{"atLeast":0,"atMost":0},"review":{"atLeast":1,"atMost":1}},"then":{"block":{"atLeast":1,"atMost":1},"review":{"atLeast":0,"atMost":0}}},"verdicts":{"total":1,"changed":{"atLeast":1,"atMost":1}},"providerFlags":{"block":0,"review":0}}""",
            items[("harassment", "prompt")].GetRawText());
    }

    [Theory]
    [InlineData("", "from")]
    [InlineData("?from=strict", "to")]
    [InlineData("?from=Strict&to=relaxed", "from")]
    public async Task A_strictness_that_there_is_not_is_refused_by_name(string query, string field)
    {
        var (status, problem) = await PolicyCalls.SendAsync(moderation.Service, HttpMethod.Get, "/admin/policies/strictness" + query, null);

        var error = Assert.Single(problem.GetProperty("errors").EnumerateObject());
        Assert.Equal((HttpStatusCode.BadRequest, field, "must be standard, strict or relaxed."), (status, error.Name, error.Value[0].GetString()));
    }

    [Fact]
    public async Task How_strict_the_plan_is_decides_about_the_same_text()
    {
        await using var service = await StartAsync(0.6f);
        var screenings = Enum.GetValues<Strictness>().Select(strictness => ModerationFixture.Prompt(Word) with { Strictness = strictness }).ToArray();

        var verdicts = await ModerationFixture.ScreenAsync(service, screenings);

        var strict = await ModerationFixture.VerdictOfAsync(ModerationFixture.OwnerOf(service), screenings[(int)Strictness.Strict].RequestId);
        Assert.Equal([VerdictAction.Review, VerdictAction.Block, VerdictAction.Review], verdicts.Select(v => v.Action));
        Assert.Equal(("strict", "block"), (strict.GetProperty("strictness").GetString(), strict.GetProperty("action").GetString()));
    }

    private Task<ServiceUnderTest> StartAsync(float probability, string category = "harassment")
    {
        var model = OneWordModel.Make(Word, category, new Thresholds(at => at.Head == Heads.Unsafe ? Threshold.Never : new Threshold(0.7f, 0.4f)), ModelRulesTests.WeightFor(probability), "one word");
        return moderation.StartAsync(configure: builder => builder.Services.AddSingleton(new TextScreener(RandomModel.Rules, model)));
    }
}
