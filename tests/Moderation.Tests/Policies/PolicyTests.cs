using System.Text.Json;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Rules;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Aigc2d.Moderation.Tests.Policies;

/// <summary>Policies as dated rows: what is in force when, and what it does to verdicts.</summary>
public sealed class PolicyTests(ModerationFixture moderation, PolicyStand stand) : IClassFixture<PolicyStand>
{
    [Fact]
    public async Task Without_rows_every_category_has_the_built_in_policy()
    {
        await using var service = await moderation.StartAsync();

        var items = await PolicyCalls.GetAsync(service);

        Assert.Equal(
            Categories.All.SelectMany(c => new[] { (c, "prompt", "block", c != "jurisdiction", 0L), (c, "output", "block", false, 0L) }),
            items.Select(i => (i.GetProperty("category").GetString()!, i.GetProperty("stage").GetString()!, i.GetProperty("onRuleHit").GetString()!, i.GetProperty("strike").GetBoolean(), i.GetProperty("version").GetInt64())));
    }

    [Fact]
    public async Task A_row_is_in_force_when_answered_and_says_who_and_why()
    {
        var version = await PolicyCalls.PutAsync(stand.Service, """[{"category":"hate","stage":"output","blockAt":0.8,"reviewAt":0.55,"onRuleHit":"review","reason":"a library of old novels"}]""");

        var item = (await PolicyCalls.GetAsync(stand.Service, "?category=hate")).Single(i => i.GetProperty("stage").GetString() == "output");
        var expected = JsonSerializer.Serialize(new
        {
            category = "hate",
            stage = "output",
            effectiveFrom = item.GetProperty("effectiveFrom").GetString(),
            action = "block",
            blockAt = 0.80m,
            reviewAt = 0.55m,
            onRuleHit = "review",
            strike = false,
            reason = "a library of old novels",
            actor = "ada",
            version,
        });
        Assert.Equal(expected, item.GetRawText());
        Assert.InRange(item.GetProperty("effectiveFrom").GetDateTimeOffset(), TimeProvider.System.GetUtcNow().AddMinutes(-1), TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task A_category_that_is_allowed_goes_on_without_a_trace_whoever_finds_it()
    {
        var text = ModerationFixture.Unsafe("deception");
        var before = Assert.Single(await ModerationFixture.ScreenAsync(stand.Service, ModerationFixture.Prompt(text)));
        await PolicyCalls.PutAsync(stand.Service, """[{"category":"deception","stage":"prompt","action":"allow","reason":"r"}]""");
        var (allowed, marker) = (ModerationFixture.Prompt(text), ModerationFixture.Prompt(ModerationFixture.Unsafe("terrorism")));

        var verdicts = await ModerationFixture.ScreenAsync(stand.Service, allowed, marker);

        var owner = ModerationFixture.OwnerOf(stand.Service);
        await ModerationFixture.VerdictOfAsync(owner, marker.RequestId);
        Assert.Equal((VerdictAction.Block, "deception"), (before.Action, before.Category));
        Assert.Equal((VerdictAction.Allow, null), (verdicts[0].Action, verdicts[0].Category));
        Assert.Empty(await ModerationFixture.RowsAsync(owner, "select * from verdicts where request_id = $1", allowed.RequestId));
    }

    [Fact]
    public async Task A_category_that_is_reviewed_at_most_goes_on_and_is_recorded_without_a_strike()
    {
        await PolicyCalls.PutAsync(stand.Service, """[{"category":"self_harm","stage":"prompt","action":"review","reason":"r"}]""");
        var screening = ModerationFixture.Prompt(ModerationFixture.Unsafe("self_harm"));

        var verdict = Assert.Single(await ModerationFixture.ScreenAsync(stand.Service, screening));

        var owner = ModerationFixture.OwnerOf(stand.Service);
        var row = await ModerationFixture.VerdictOfAsync(owner, screening.RequestId);
        Assert.Equal((VerdictAction.Review, "self_harm"), (verdict.Action, verdict.Category));
        Assert.Equal(("review", "self_harm", false), (row.GetProperty("action").GetString(), row.GetProperty("category").GetString(), row.GetProperty("strike").GetBoolean()));
        Assert.Empty(await ModerationFixture.RowsAsync(owner, "select * from violations where request_id = $1", screening.RequestId));
    }

    [Fact]
    public async Task A_category_without_strikes_is_still_blocked()
    {
        await PolicyCalls.PutAsync(stand.Service, """[{"category":"violence","stage":"prompt","strike":false,"reason":"r"}]""");
        var screening = ModerationFixture.Prompt(ModerationFixture.Unsafe("violence"));

        var verdict = Assert.Single(await ModerationFixture.ScreenAsync(stand.Service, screening));

        var owner = ModerationFixture.OwnerOf(stand.Service);
        Assert.False((await ModerationFixture.VerdictOfAsync(owner, screening.RequestId)).GetProperty("strike").GetBoolean());
        Assert.Equal((VerdictAction.Block, "violence"), (verdict.Action, verdict.Category));
        Assert.Empty(await ModerationFixture.RowsAsync(owner, "select * from violations where request_id = $1", screening.RequestId));
    }

    [Fact]
    public async Task Operators_who_come_together_each_get_a_version_and_the_last_one_is_in_force()
    {
        var versions = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => PolicyCalls.PutAsync(stand.Service, $$"""[{"category":"intimate_nonconsensual","stage":"prompt","blockAt":0.{{i + 10}},"reason":"{{i}}"}]""")));

        var inForce = (await PolicyCalls.GetAsync(stand.Service, "?category=intimate_nonconsensual"))[0];
        var last = Array.IndexOf(versions, versions.Max());
        Assert.Equal(20, versions.Distinct().Count());
        Assert.Equal((versions.Max(), $"{last}"), (inForce.GetProperty("version").GetInt64(), inForce.GetProperty("reason").GetString()));
    }

    [Theory]
    [InlineData("update policies set block_at = 0.5")]
    [InlineData("delete from policies")]
    [InlineData("update policy_versions set actor = 'eve'")]
    [InlineData("delete from policy_versions")]
    public async Task The_services_own_role_cannot_rewrite_policies(string sql)
    {
        await using var command = stand.Service.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync())).SqlState);
    }
}
