using System.Net;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Models;
using Aigc2d.Moderation.Policies;
using Aigc2d.Moderation.Rules;
using Aigc2d.Moderation.Screenings;
using Aigc2d.Moderation.Tests.Rules;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Aigc2d.Moderation.Tests.Policies;

/// <summary>What no policy and no plan can do.</summary>
public sealed class PolicyBoundsTests(ModerationFixture moderation)
{
    public static TheoryData<string, string, string> Faults() => new()
    {
        { """[]""", "body", "must be a list of 1 to 100 policy rows." },
        { """[null]""", "body", "must be a list of 1 to 100 policy rows." },
        { """[{"category":"spam","stage":"prompt","reason":"r"}]""", "[0].category", $"must be one of {string.Join(", ", Categories.All)}." },
        { """[{"category":"hate","stage":"upload","reason":"r"}]""", "[0].stage", "must be prompt or output." },
        { """[{"category":"hate","stage":"prompt","reason":" "}]""", "[0].reason", "must have 1 to 500 characters, none of them a control character." },
        { """[{"category":"hate","stage":"prompt"}]""", "reason", "is required." },
        { """[{"category":"hate","stage":"prompt","reason":"r","onRuleHit":"support"}]""", "[0].onRuleHit", "must be block, review or allow." },
        { """[{"category":"hate","stage":"prompt","reason":"r","action":"strike"}]""", "[0].action", "must be block, review or allow." },
        { """[{"category":"child_safety","stage":"output","reason":"r","action":"review"}]""", "[0].action", "must be block: child_safety is P0." },
        { """[{"category":"trafficking","stage":"prompt","reason":"r","action":"allow"}]""", "[0].action", "must be block: trafficking is P0." },
        { """[{"category":"terrorism","stage":"prompt","reason":"r","action":"allow"}]""", "[0].action", "must be block: terrorism is P0." },
        { """[{"category":"malware","stage":"output","reason":"r","action":"allow"}]""", "[0].action", "must be block: malware is P0." },
        { """[{"category":"hate","stage":"prompt","reason":"r","blockAt":"0.5"}]""", "[0].blockAt", "has the wrong type or range." },
        { """[{"category":"hate","stage":"prompt","reason":"r","blockAt":"NaN"}]""", "[0].blockAt", "has the wrong type or range." },
        { """[{"category":"hate","stage":"prompt","reason":"r","blockAt":1e999}]""", "[0].blockAt", "has the wrong type or range." },
        { """[{"category":"hate","stage":"prompt","reason":"r","effectiveFrom":"2099-01-01T00:00:00"}]""", "[0].effectiveFrom", "has the wrong type or range." },
        { """[{"category":"hate","stage":"prompt","reason":"r","effectiveFrom":"2099-01-01"}]""", "[0].effectiveFrom", "has the wrong type or range." },
        { """[{"category":"hate","stage":"prompt","reason":"r","blockAt":1}]""", "[0].blockAt", "must be a probability from 0.05 to 0.99 with at most two decimals, or null for the model's own threshold." },
        { """[{"category":"hate","stage":"prompt","reason":"r","blockAt":0.855}]""", "[0].blockAt", "must be a probability from 0.05 to 0.99 with at most two decimals, or null for the model's own threshold." },
        { """[{"category":"hate","stage":"prompt","reason":"r","reviewAt":0.04}]""", "[0].reviewAt", "must be a probability from 0.05 to 0.99 with at most two decimals, or null for the model's own threshold." },
        { """[{"category":"hate","stage":"prompt","reason":"r","blockAt":0.5,"reviewAt":0.6}]""", "[0].reviewAt", "must not be above blockAt; equal to it, nothing is only reviewed." },
        { """[{"category":"hate","stage":"prompt","reason":"r","effectiveFrom":"2026-01-01T00:00:00Z"}]""", "[0].effectiveFrom", "must not be in the past, which has been decided; leave it out for now." },
        { """[{"category":"hate","stage":"output","reason":"r","strike":true}]""", "[0].strike", "must be false or left out: an output is not the account's own text." },
        { """[{"category":"jurisdiction","stage":"prompt","reason":"r","strike":true}]""", "[0].strike", "must be false or left out: P2 is blocked only." },
        { """[{"category":"child_safety","stage":"prompt","reason":"r","onRuleHit":"review"}]""", "[0].onRuleHit", Loosened("child_safety") },
        { """[{"category":"trafficking","stage":"output","reason":"r","onRuleHit":"allow"}]""", "[0].onRuleHit", Loosened("trafficking") },
        { """[{"category":"terrorism","stage":"prompt","reason":"r","onRuleHit":"allow"}]""", "[0].onRuleHit", Loosened("terrorism") },
        { """[{"category":"malware","stage":"prompt","reason":"r","onRuleHit":"review"}]""", "[0].onRuleHit", Loosened("malware") },
        { """[{"category":"terrorism","stage":"prompt","reason":"r","blockAt":0.95}]""", "[0].blockAt", "must be at most 0.90, or null: terrorism is P0." },
        { """[{"category":"malware","stage":"prompt","reason":"r","strike":false}]""", "[0].strike", "must be true or left out: malware is P0." },
        { """[{"category":"hate","stage":"prompt","reason":"r"},{"category":"hate","stage":"prompt","reason":"r"}]""", "category", "hate appears more than once for the stage prompt; send one row per category, stage and request." },
        { """[{"category":"hate","stage":"prompt","reason":"r","treshold":1}]""", "treshold", "is not a known member." },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_row_beyond_the_bounds_is_refused_by_field_and_adds_nothing(string rows, string field, string message)
    {
        var before = await PolicyCalls.GetAsync(moderation.Service, "?history=true");
        foreach (var (method, target) in new[] { (HttpMethod.Put, "/admin/policies"), (HttpMethod.Post, "/admin/policies/preview") })
        {
            var (status, problem) = await PolicyCalls.SendAsync(moderation.Service, method, target, rows);
            var error = Assert.Single(problem.GetProperty("errors").EnumerateObject());
            Assert.Equal((HttpStatusCode.BadRequest, field, message), (status, error.Name, Assert.Single(error.Value.EnumerateArray()).GetString()));
        }

        Assert.Equal(before.Length, (await PolicyCalls.GetAsync(moderation.Service, "?history=true")).Length);
    }

    [Theory]
    [InlineData("""[{"category":null,"stage":"prompt","reason":"r"}]""")]
    [InlineData("""[{"category":"hate","stage":null,"reason":"r"}]""")]
    [InlineData("""[{"category":"hate","stage":"prompt","reason":null}]""")]
    [InlineData("""[{"category":"hate","stage":"prompt","reason":"r","onRuleHit":null}]""")]
    [InlineData("""[{"category":"hate","stage":"prompt","reason":"r","action":null}]""")]
    [InlineData("""[{"category":"hate","stage":"prompt","reason":"r","blockAt":NaN}]""")]
    [InlineData("""[{"category":"hate","stage":"prompt","reason":"r","blockAt":0.9,"blockAt":0.1}]""")]
    [InlineData("""[{"category":"hate","stage":"prompt","reason":"r","BlockAt":0.1}]""")]
    [InlineData("""[{"category":"hate","stage":"prompt","reason":"\ud800"}]""")]
    [InlineData("""{"category":"hate","stage":"prompt","reason":"r"}""")]
    [InlineData("null")]
    [InlineData("")]
    public async Task What_is_no_row_is_the_callers_fault_and_adds_nothing(string rows)
    {
        var before = await PolicyCalls.GetAsync(moderation.Service, "?history=true");
        foreach (var (method, target) in new[] { (HttpMethod.Put, "/admin/policies"), (HttpMethod.Post, "/admin/policies/preview") })
            Assert.Equal(HttpStatusCode.BadRequest, (await PolicyCalls.SendAsync(moderation.Service, method, target, rows)).Status);

        Assert.Equal(before.Length, (await PolicyCalls.GetAsync(moderation.Service, "?history=true")).Length);
    }

    [Theory]
    [InlineData("('terrorism', 'prompt', null, 'review', true, 'block')")]
    [InlineData("('child_safety', 'prompt', 0.95, 'block', true, 'block')")]
    [InlineData("('malware', 'prompt', null, 'block', false, 'block')")]
    [InlineData("('trafficking', 'output', null, 'block', false, 'review')")]
    [InlineData("('malware', 'prompt', null, 'block', true, 'allow')")]
    [InlineData("('hate', 'prompt', null, 'block', true, 'strike')")]
    [InlineData("('hate', 'prompt', 1, 'block', true, 'block')")]
    [InlineData("('hate', 'output', null, 'block', true, 'block')")]
    [InlineData("('jurisdiction', 'prompt', null, 'block', true, 'block')")]
    public async Task The_database_refuses_what_would_loosen_P0_or_strike_where_nobody_is_to_blame(string values)
    {
        await using var command = moderation.Service.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand($"""
            with version as (insert into policy_versions (actor) values ('eve') returning version),
            r(category, stage, block_at, on_rule_hit, strike, action) as (values {values})
            insert into policies (version, category, stage, effective_from, block_at, on_rule_hit, strike, reason, action)
            select version, category, stage, now(), block_at::numeric, on_rule_hit, strike, 'r', action from version, r
            """);

        Assert.Equal(PostgresErrorCodes.CheckViolation, (await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync())).SqlState);
    }

    [Fact]
    public void A_rule_of_P0_blocks_and_help_is_offered_whatever_a_policy_says()
    {
        var lenient = new StagePolicy(7, Strictness.Relaxed, Thresholds.None, [.. Categories.All.Select(c => Policy.BuiltIn(c, ScreeningStage.Prompt) with { OnRuleHit = VerdictAction.Allow, Action = VerdictAction.Allow })]);

        Assert.Equal(VerdictAction.Block, Judge(ModerationFixture.Unsafe("terrorism")).Action);
        Assert.Equal(VerdictAction.Support, Judge("I want to die").Action);
        Assert.Equal(VerdictAction.Allow, Judge(ModerationFixture.Blocked).Action);

        Judgement Judge(string text) => TwinTests.Screener.Screen([text], ScreeningStage.Prompt, lenient);
    }

    [Fact]
    public void Strict_halves_the_odds_that_are_asked_for_and_relaxed_doubles_them_within_bounds()
    {
        Assert.Equal(0.3333f, PlanStrictness.Move(0.5f, Strictness.Strict, "hate"), 3);
        Assert.Equal(0.6667f, PlanStrictness.Move(0.5f, Strictness.Relaxed, "hate"), 3);
        Assert.Equal(0.5f, PlanStrictness.Move(0.5f, Strictness.Standard, "hate"));
        Assert.Equal(0.98f, PlanStrictness.Move(0.97f, Strictness.Relaxed, "hate"));
        Assert.Equal(0.02f, PlanStrictness.Move(0.03f, Strictness.Strict, "hate"));
        Assert.Equal(0.99f, PlanStrictness.Move(0.99f, Strictness.Relaxed, "hate"));
        Assert.Equal(0.01f, PlanStrictness.Move(0.01f, Strictness.Strict, "hate"));
        Assert.Equal(Threshold.Never.Block, PlanStrictness.Move(Threshold.Never.Block, Strictness.Strict, "hate"));
    }

    [Theory]
    [InlineData("child_safety")]
    [InlineData("trafficking")]
    [InlineData("terrorism")]
    [InlineData("malware")]
    public void No_plan_is_more_lenient_about_P0(string category)
    {
        Assert.Equal(0.5f, PlanStrictness.Move(0.5f, Strictness.Relaxed, category));
        Assert.InRange(PlanStrictness.Move(0.5f, Strictness.Strict, category), 0.3f, 0.4f);
    }

    private static string Loosened(string category) =>
        $"must be block: {category} is P0, and its rules cannot be loosened. Report a rule that is wrong instead; it is corrected in the rule files.";
}
