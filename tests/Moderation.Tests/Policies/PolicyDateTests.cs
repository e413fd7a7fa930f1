using System.Net;
using System.Text.Json;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Policies;
using Aigc2d.Moderation.Rules;
using Aigc2d.Moderation.Tests.Rules;
using Aigc2d.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Aigc2d.Moderation.Tests.Policies;

/// <summary>When policies begin.</summary>
public sealed class PolicyDateTests(PolicyStand stand) : IClassFixture<PolicyStand>
{
    [Fact]
    public async Task A_row_never_begins_before_it_was_added_and_takes_the_place_of_what_was_in_force_then()
    {
        await PolicyCalls.PutAsync(stand.Service, """[{"category":"hate","stage":"prompt","blockAt":0.7,"reason":"now"}]""");
        var started = TimeProvider.System.GetUtcNow();
        await PolicyCalls.PutAsync(stand.Service, $$"""[{"category":"hate","stage":"prompt","blockAt":0.6,"effectiveFrom":"{{started.AddSeconds(-30):O}}","reason":"by a clock that is behind"}]""");

        var item = (await PolicyCalls.GetAsync(stand.Service, "?category=hate")).Single(i => i.GetProperty("stage").GetString() == "prompt");
        Assert.Equal(0.60m, item.GetProperty("blockAt").GetDecimal());
        // The database's microseconds are coarser than our clock's ticks.
        Assert.InRange(item.GetProperty("effectiveFrom").GetDateTimeOffset(), started.AddMilliseconds(-1), started.AddMinutes(1));
    }

    [Fact]
    public async Task A_later_row_waits_for_its_date_and_history_keeps_both()
    {
        var begins = TimeProvider.System.GetUtcNow().AddDays(2);
        var first = await PolicyCalls.PutAsync(stand.Service, """[{"category":"harassment","stage":"prompt","blockAt":0.7,"reason":"now"}]""");
        var second = await PolicyCalls.PutAsync(stand.Service, $$"""[{"category":"harassment","stage":"prompt","blockAt":0.6,"effectiveFrom":"{{begins:O}}","reason":"soon"}]""");

        Assert.Equal(0.70m, await BlockAtAsync(""));
        Assert.Equal(0.70m, await BlockAtAsync($"&at={begins.AddSeconds(-1):yyyy-MM-ddTHH:mm:ssZ}"));
        Assert.Equal(0.60m, await BlockAtAsync($"&at={begins.AddSeconds(1):yyyy-MM-ddTHH:mm:ssZ}"));
        Assert.Null(await BlockAtAsync("&at=2026-01-01T00:00:00Z"));
        Assert.Equal([second, first], (await PolicyCalls.GetAsync(stand.Service, "?category=harassment&history=true")).Select(i => i.GetProperty("version").GetInt64()));

        async Task<decimal?> BlockAtAsync(string query) =>
            JsonSerializer.Deserialize<decimal?>((await PolicyCalls.GetAsync(stand.Service, "?category=harassment" + query)).Single(i => i.GetProperty("stage").GetString() == "prompt").GetProperty("blockAt"));
    }

    [Fact]
    public async Task A_row_for_the_end_of_time_is_kept_and_waits()
    {
        await PolicyCalls.PutAsync(stand.Service, """[{"category":"jurisdiction","stage":"output","blockAt":0.7,"effectiveFrom":"9999-12-31T23:59:59.9999999Z","reason":"never"}]""");

        var kept = Assert.Single(await PolicyCalls.GetAsync(stand.Service, "?category=jurisdiction&history=true"));
        var inForce = (await PolicyCalls.GetAsync(stand.Service, "?category=jurisdiction")).Single(i => i.GetProperty("stage").GetString() == "output");
        Assert.Equal((9999, 0L), (kept.GetProperty("effectiveFrom").GetDateTimeOffset().Year, inForce.GetProperty("version").GetInt64()));
    }

    [Theory]
    [InlineData("?at=soon", "at", "must be a time with its offset, like 2027-01-01T00:00:00Z (a + is sent as %2B).")]
    [InlineData("?at=2027-01-01T00:00:00", "at", "must be a time with its offset, like 2027-01-01T00:00:00Z (a + is sent as %2B).")]
    [InlineData("?at=2027-13-01T00:00:00Z", "at", "must be a time with its offset, like 2027-01-01T00:00:00Z (a + is sent as %2B).")]
    [InlineData("?at=2027-01-01T00:00:00Z&history=true", "at", "cannot be combined with history=true, which shows all rows.")]
    public async Task A_time_that_means_no_moment_is_refused(string query, string field, string message)
    {
        var (status, problem) = await PolicyCalls.SendAsync(stand.Service, HttpMethod.Get, "/admin/policies" + query, null);

        var error = Assert.Single(problem.GetProperty("errors").EnumerateObject());
        Assert.Equal((HttpStatusCode.BadRequest, field, message), (status, error.Name, error.Value[0].GetString()));
    }

    [Fact]
    public async Task A_time_is_the_same_in_any_zone() => Assert.Equal(
        (await PolicyCalls.GetAsync(stand.Service, "?at=2026-06-01T00:00:00Z")).Select(i => i.GetRawText()), (await PolicyCalls.GetAsync(stand.Service, "?at=2026-06-01T08:00:00%2B08:00")).Select(i => i.GetRawText()));

    [Fact]
    public async Task What_begins_takes_effect_without_anybody_asking()
    {
        var clock = new TestClock(TimeProvider.System.GetUtcNow());
        using var list = new PolicyList(stand.Service.Services.GetRequiredService<NpgsqlDataSource>(), TwinTests.Screener, clock);
        await PolicyCalls.PutAsync(stand.Service, $$"""[{"category":"sexual","stage":"prompt","onRuleHit":"review","effectiveFrom":"{{clock.GetUtcNow().AddHours(1):O}}","reason":"r"}]""");
        var before = (await list.RefreshAsync(TestContext.Current.CancellationToken)).For(ScreeningStage.Prompt, Strictness.Strict);

        clock.Advance(TimeSpan.FromMinutes(61));
        var after = (await list.RefreshAsync(TestContext.Current.CancellationToken)).For(ScreeningStage.Prompt, Strictness.Strict);

        var rule = TwinTests.Screener.Rules.Compiled.Rules.First(r => r is { Category: "sexual", Action: RuleAction.Block });
        Assert.Equal((VerdictAction.Block, VerdictAction.Review), (before.ActionOf(rule), after.ActionOf(rule)));
    }
}
