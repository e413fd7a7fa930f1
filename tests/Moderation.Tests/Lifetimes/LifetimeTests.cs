using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Lifetimes;
using Aigc2d.Moderation.Tallies;
using Aigc2d.Moderation.Tests.Policies;
using Aigc2d.TestKit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Aigc2d.Moderation.Tests.Lifetimes;

/// <summary>How long records of screenings live.</summary>
public sealed class LifetimeTests(ModerationFixture moderation)
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset LongBefore = Start.AddYears(-10);

    [Fact]
    public async Task Scores_verdicts_and_strikes_go_when_their_time_has_come_and_policies_stay()
    {
        await using var service = await StartAsync(Start);
        var owner = ModerationFixture.OwnerOf(service);
        var clock = new TestClock(Start);
        using var forget = Forget(owner, clock);
        await PolicyCalls.PutAsync(service, """[{"category":"hate","stage":"prompt","blockAt":0.9,"reason":"r"}]""");
        var (strike, output) = (ModerationFixture.Prompt(ModerationFixture.Blocked), ModerationFixture.Prompt("Sure, here is how to make a pipe bomb") with { Stage = ScreeningStage.Output });
        await ModerationFixture.ScreenAsync(service, strike, output);
        await ModerationFixture.VerdictCountAsync(owner, 2);
        await service.Services.GetRequiredService<WriteTallies>().FlushAsync(TestContext.Current.CancellationToken);
        var all = new[] { output.RequestId, strike.RequestId };

        foreach (var (days, scores, verdicts, strikes) in new[] { (29.9, true, all, 1), (31, false, all, 1), (89.9, false, all, 1), (90.1, false, all[1..], 1), (179.9, false, all[1..], 1), (180.1, false, [], 0) })
        {
            clock.Advance(Start.AddDays(days) - clock.GetUtcNow());
            Assert.False(await forget.ForgetSomeAsync(TestContext.Current.CancellationToken));
            Assert.Equal(
                (days, scores, verdicts.Length, strikes, 1),
                (days, await CountAsync(owner, "select 1 from score_counts") > 0, await CountAsync(owner, "select 1 from verdicts"), await CountAsync(owner, "select 1 from violations"), await CountAsync(owner, "select 1 from policies")));
            foreach (var id in verdicts) Assert.Single(await ModerationFixture.RowsAsync(owner, "select 1 from verdicts where request_id = $1", id));
        }
    }

    [Fact]
    public async Task A_batch_is_bounded_and_the_rest_follows_by_itself()
    {
        await using var service = await StartAsync(LongBefore);
        var owner = ModerationFixture.OwnerOf(service);
        var clock = new TestClock(Start);
        using var forget = Forget(owner, clock);
        await InsertOldAsync(owner, 3 * ForgetOldRecords.MostRows + 1);

        Assert.True(await forget.ForgetSomeAsync(TestContext.Current.CancellationToken));
        Assert.Equal(2 * ForgetOldRecords.MostRows + 1, await CountAsync(owner, "select 1 from score_counts"));

        await forget.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.Equal(ForgetOldRecords.MostRows + 1, () => CountAsync(owner, "select 1 from score_counts"));
        await Eventually.Equal(0, () =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return CountAsync(owner, "select 1 from score_counts");
        });
        await forget.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_service_that_starts_forgets_what_has_outlived_its_time()
    {
        var database = moderation.NewDatabase();
        await using var earlier = await StartAsync(LongBefore, database);
        await InsertOldAsync(ModerationFixture.OwnerOf(earlier), 10);

        await using var service = await StartAsync(Start, database);

        await Eventually.Equal(0, () => CountAsync(ModerationFixture.OwnerOf(service), "select 1 from score_counts"));
    }

    [Fact]
    public async Task Processes_that_delete_at_once_do_not_wait_for_one_another()
    {
        await using var service = await StartAsync(LongBefore);
        var owner = ModerationFixture.OwnerOf(service);
        await InsertOldAsync(owner, 100);
        await using var connection = await owner.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var other = new NpgsqlCommand("select 1 from score_counts where count <= 10 for update", connection)) await other.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        using var forget = Forget(owner, new TestClock(Start));
        await forget.ForgetSomeAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);

        Assert.Equal(10, await CountAsync(owner, "select 1 from score_counts"));
    }

    [Fact]
    public void Lifetimes_are_days_within_bounds()
    {
        Assert.Equal(new LifetimeOptions(TimeSpan.FromDays(90), TimeSpan.FromDays(180), TimeSpan.FromDays(30)), Of());
        Assert.Equal(
            new LifetimeOptions(TimeSpan.FromDays(8), TimeSpan.FromDays(120), TimeSpan.FromDays(3_650)),
            Of(("Moderation:KeepVerdictsDays", "8"), ("Moderation:KeepStrikesDays", "120"), ("Moderation:KeepScoresDays", "3650")));
    }

    [Theory]
    [InlineData("Moderation:KeepVerdictsDays", "7", 8)]
    [InlineData("Moderation:KeepStrikesDays", "119", 120)]
    [InlineData("Moderation:KeepStrikesDays", "-200", 120)]
    [InlineData("Moderation:KeepScoresDays", "3651", 8)]
    [InlineData("Moderation:KeepScoresDays", "a month", 8)]
    public void A_lifetime_that_an_appeal_or_a_preview_could_not_live_with_stops_the_service(string setting, string value, int least) =>
        Assert.Equal($"{setting} is '{value}'; it must be a number of days from {least} to 3650.", Assert.Throws<InvalidOperationException>(() => Of((setting, value))).Message);

    private static LifetimeOptions Of(params (string Name, string Value)[] settings) =>
        LifetimeOptions.Of(new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => s.Name, s => (string?)s.Value)).Build());

    private static async Task<int> CountAsync(NpgsqlDataSource db, string sql) => (await ModerationFixture.RowsAsync(db, sql)).Length;

    private static async Task InsertOldAsync(NpgsqlDataSource db, int rows)
    {
        await using var command = db.CreateCommand("insert into score_counts select '2025-01-01'::timestamptz - make_interval(hours => n), 'prompt', 'all', 'en', 'standard', false, 3, 0, n from generate_series(1, $1) n");
        command.Parameters.Add(new() { Value = rows });
        await command.ExecuteNonQueryAsync();
    }

    private static ForgetOldRecords Forget(NpgsqlDataSource owner, TestClock clock) => new(owner, Of(), clock, NullLogger<ForgetOldRecords>.Instance);

    // The service's own clock stands still, so that what it forgets by itself is not taken for what a test has made forget.
    private Task<ServiceUnderTest> StartAsync(DateTimeOffset time, string? database = null) => moderation.StartAsync(database, configure: builder => builder.Services.AddSingleton<TimeProvider>(new TestClock(time)));
}
