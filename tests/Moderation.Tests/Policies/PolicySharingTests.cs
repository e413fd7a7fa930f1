using System.Net;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Policies;
using Aigc2d.Moderation.Rules;
using Aigc2d.Moderation.Tests.Rules;
using Aigc2d.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Aigc2d.Moderation.Tests.Policies;

/// <summary>Policies between processes, and while the database is away.</summary>
public sealed class PolicySharingTests(ModerationFixture moderation)
{
    [Fact]
    public async Task A_version_waits_for_the_one_before_it_so_that_nobody_misses_that()
    {
        await using var service = await moderation.StartAsync();
        var owner = ModerationFixture.OwnerOf(service);
        await using var connection = await owner.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var earlier = new NpgsqlCommand(PutPolicies.Insert, connection))
        {
            object[] row = ["bob", new[] { "hate" }, new[] { "prompt" }, new DateTime?[] { null }, new decimal?[] { 0.8m }, new decimal?[] { null }, new[] { "block" }, new[] { true }, new[] { "earlier" }, new[] { "block" }];
            foreach (var value in row) earlier.Parameters.Add(new() { Value = value });
            Assert.Equal(1L, await earlier.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        }

        var later = PolicyCalls.PutAsync(service, """[{"category":"hate","stage":"output","reason":"later"}]""");
        await ModerationFixture.SomebodyWaitsAsync(owner, later);
        Assert.False(later.IsCompleted);
        await transaction.CommitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(2, await later);
        Assert.Equal(["earlier", "later"], (await PolicyCalls.GetAsync(service, "?history=true")).Select(i => i.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task Another_process_follows_within_two_seconds()
    {
        var database = moderation.NewDatabase();
        await using var one = await moderation.StartAsync(database);
        await using var other = await moderation.StartAsync(database);
        await PolicyCalls.PutAsync(one, """[{"category":"illegal","stage":"prompt","action":"review","reason":"r"}]""");

        await Eventually.Equal(
            VerdictAction.Review, async () => (await ModerationFixture.ScreenAsync(other, ModerationFixture.Prompt(ModerationFixture.Blocked)))[0].Action, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task While_policies_cannot_be_read_the_built_in_ones_apply_and_health_says_so()
    {
        var database = moderation.NewDatabase();
        await using var one = await moderation.StartAsync(database);
        await PolicyCalls.PutAsync(one, """[{"category":"illegal","stage":"prompt","action":"allow","reason":"r"}]""");
        await ExecuteAsync(one, "alter table policies rename to policies_away");
        await using var other = await moderation.StartAsync(database);

        var verdict = Assert.Single(await ModerationFixture.ScreenAsync(other, ModerationFixture.Prompt(ModerationFixture.Blocked)));
        using var degraded = await other.Client.GetAsync(new Uri("/health", UriKind.Relative));
        Assert.Equal((VerdictAction.Block, HttpStatusCode.OK, "Degraded"), (verdict.Action, degraded.StatusCode, await degraded.Content.ReadAsStringAsync()));

        await ExecuteAsync(one, "alter table policies_away rename to policies");
        await Eventually.Equal(VerdictAction.Allow, async () => (await ModerationFixture.ScreenAsync(other, ModerationFixture.Prompt(ModerationFixture.Blocked)))[0].Action);
        Assert.Equal("Healthy", await other.Client.GetStringAsync(new Uri("/health", UriKind.Relative)));
    }

    [Fact]
    public async Task A_process_whose_clock_is_behind_the_databases_follows_all_the_same()
    {
        await using var service = await moderation.StartAsync();
        using var list = new PolicyList(service.Services.GetRequiredService<NpgsqlDataSource>(), TwinTests.Screener, new TestClock(TimeProvider.System.GetUtcNow().AddMinutes(-5)));
        await list.RefreshAsync(TestContext.Current.CancellationToken);
        await PolicyCalls.PutAsync(service, """[{"category":"hate","stage":"prompt","onRuleHit":"review","reason":"r"}]""");

        var inForce = (await list.RefreshAsync(TestContext.Current.CancellationToken)).For(ScreeningStage.Prompt, Strictness.Standard);

        var rule = TwinTests.Screener.Rules.Compiled.Rules.First(r => r is { Category: "hate", Action: RuleAction.Block });
        Assert.Equal(VerdictAction.Review, inForce.ActionOf(rule));
    }

    [Fact]
    public async Task Screenings_that_run_while_policies_change_each_end_by_one_of_them()
    {
        await using var service = await moderation.StartAsync();
        string[] actions = ["allow", "review", "block", "review"];
        var changing = Task.Run(async () =>
        {
            foreach (var action in actions) await PolicyCalls.PutAsync(service, $$"""[{"category":"illegal","stage":"prompt","action":"{{action}}","reason":"r"}]""");
        });

        var seen = new List<Verdict>();
        while (!changing.IsCompleted) seen.AddRange(await ModerationFixture.ScreenAsync(service, ModerationFixture.Prompt(ModerationFixture.Blocked), ModerationFixture.Prompt(ModerationFixture.Blocked)));
        await changing;

        // A batch is judged by one state of the policies.
        Assert.All(seen.Chunk(2), batch => Assert.Equal(batch[0].Action, batch[1].Action));
        Assert.Equal(VerdictAction.Review, (await ModerationFixture.ScreenAsync(service, ModerationFixture.Prompt(ModerationFixture.Blocked)))[0].Action);
    }

    [Fact]
    public async Task A_process_outlives_rows_that_only_a_newer_one_understands()
    {
        var database = moderation.NewDatabase();
        await using var one = await moderation.StartAsync(database);
        await using var other = await moderation.StartAsync(database);
        await ExecuteAsync(one, "alter table policies drop constraint policies_on_rule_hit_check");
        await ExecuteAsync(one, """
            with version as (insert into policy_versions (actor) values ('ada') returning version)
            insert into policies (version, category, stage, effective_from, on_rule_hit, strike, reason) select version, 'hate', 'prompt', now(), 'ponder', true, 'r' from version
            """);
        await Eventually.True(() => other.Logs.ToString().Contains("Policies could not be read", StringComparison.Ordinal));
        Assert.Equal(VerdictAction.Block, (await ModerationFixture.ScreenAsync(other, ModerationFixture.Prompt(ModerationFixture.Blocked)))[0].Action);

        await ExecuteAsync(one, "delete from policies where on_rule_hit = 'ponder'");
        await PolicyCalls.PutAsync(one, """[{"category":"illegal","stage":"prompt","action":"review","reason":"r"}]""");
        await Eventually.Equal(
            VerdictAction.Review, async () => (await ModerationFixture.ScreenAsync(other, ModerationFixture.Prompt(ModerationFixture.Blocked)))[0].Action, TimeSpan.FromSeconds(3));
    }

    private static async Task ExecuteAsync(ServiceUnderTest service, string sql)
    {
        await using var command = ModerationFixture.OwnerOf(service).CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
