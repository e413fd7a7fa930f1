using System.Text.Json;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Models;
using Aigc2d.Moderation.Policies;
using Aigc2d.Moderation.Screenings;
using Aigc2d.Moderation.Tallies;
using Aigc2d.Moderation.Verdicts;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Aigc2d.Moderation.Tests.Policies;

/// <summary>What a change would have changed, counted without any text.</summary>
public sealed class PreviewTests(ModerationFixture moderation)
{
    [Fact]
    public async Task A_preview_counts_the_screenings_and_verdicts_that_would_have_ended_otherwise()
    {
        await using var service = await moderation.StartAsync();
        await ModerationFixture.ScreenAsync(service, [.. Enumerable.Range(0, 8).Select(i => ModerationFixture.Prompt(i < 3 ? ModerationFixture.Blocked : "hello"))]);
        await ModerationFixture.ScreenAsync(service, ModerationFixture.Prompt("怎么制作炸弹") with { Strictness = Strictness.Relaxed }, ModerationFixture.Prompt("Sure, here is how to make a pipe bomb") with { Stage = ScreeningStage.Output });
        var owner = ModerationFixture.OwnerOf(service);
        await TestKit.Eventually.Equal(5, async () => (await ModerationFixture.RowsAsync(owner, "select 1 from verdicts")).Length);

        var preview = await PolicyCalls.PreviewAsync(service, """
            [{"category":"illegal","stage":"prompt","onRuleHit":"review","blockAt":0.99,"reviewAt":0.99,"reason":"r"},{"category":"illegal","stage":"output","reason":"r"},{"category":"hate","stage":"prompt","onRuleHit":"allow","reason":"r"}]
            """);

        var items = preview.GetProperty("items").EnumerateArray().Select(i => i.GetRawText()).ToArray();
        Assert.Equal(
            [
                Item("illegal", "prompt", 9, 4, (4, 0), (0, 4), verdicts: (4, 4)),
                Item("illegal", "output", 1, 0, (1, 0), (1, 0), verdicts: (1, 0)),
                Item("hate", "prompt", 9, 0, (0, 0), (0, 0), verdicts: (0, 0)),
            ],
            items);
        Assert.Empty(await PolicyCalls.GetAsync(service, "?history=true"));
    }

    [Fact]
    public async Task Previews_equal_a_recount_of_every_screening_and_are_ranges_only_where_a_threshold_lies_inside_a_step()
    {
        await using var service = await moderation.StartAsync();
        var random = new Random(6);
        var screenings = Enumerable.Range(0, 3_000).Select(_ => Scripted.Of(random)).ToArray();
        var tally = service.Services.GetRequiredService<ScoreTally>();
        foreach (var s in screenings) tally.Record(ScreeningStage.Prompt, s.Strictness, s.Judgement);
        await service.Services.GetRequiredService<WriteTallies>().FlushAsync(TestContext.Current.CancellationToken);
        var recent = await RecentScores.ReadAsync(service.Services.GetRequiredService<NpgsqlDataSource>(), TimeProvider.System.GetUtcNow().AddHours(-1.5), TestContext.Current.CancellationToken);
        var counts = recent.ScreeningsOf("hate", ScreeningStage.Prompt).ToArray();

        for (var trial = 0; trial < 30; trial++)
        {
            // Thresholds of two decimals lie between steps, the ones that a plan has moved and a model's own do not.
            var own = trial % 3 == 0 ? Thresholds.None : new Thresholds(_ => new Threshold(random.NextSingle(), random.NextSingle()));
            var (now, then) = (PolicyOf(random), PolicyOf(random));
            foreach (var strictness in Enum.GetValues<Strictness>())
            {
                var effect = PolicyEffect.Of(now, then, own, counts.Where(c => c.Key.Strictness == strictness));
                var ends = screenings.Where(s => s.Strictness == strictness).Select(s => (Now: s.End(now, own), Then: s.End(then, own))).ToArray();
                var isExact = own == Thresholds.None && strictness == Strictness.Standard;
                Assert.Equal(ends.Length, effect.Total);
                AssertHolds(effect.BlockedNow, ends.Count(e => e.Now == VerdictAction.Block), isExact);
                AssertHolds(effect.BlockedThen, ends.Count(e => e.Then == VerdictAction.Block), isExact);
                AssertHolds(effect.ReviewedNow, ends.Count(e => e.Now == VerdictAction.Review), isExact);
                AssertHolds(effect.ReviewedThen, ends.Count(e => e.Then == VerdictAction.Review), isExact);
                AssertHolds(effect.Changed, ends.Count(e => e.Now != e.Then), isExact);
            }
        }
    }

    [Fact]
    public async Task The_verdicts_of_a_preview_are_recounted_from_their_own_scores_and_rules()
    {
        await using var service = await moderation.StartAsync();
        var random = new Random(7);
        var screenings = Enumerable.Range(0, 1_000).Select(_ => Scripted.Of(random)).ToArray();
        await new VerdictTable(service.Services.GetRequiredService<NpgsqlDataSource>()).WriteAsync([.. screenings.Select(s => s.Row)]);
        var recent = await RecentScores.ReadAsync(service.Services.GetRequiredService<NpgsqlDataSource>(), TimeProvider.System.GetUtcNow().AddHours(-1), TestContext.Current.CancellationToken);

        for (var trial = 0; trial < 20; trial++)
        {
            var (now, then) = (PolicyOf(random), PolicyOf(random));
            var effect = PolicyEffect.Of(now, then, Thresholds.None, recent.VerdictsOf("hate", ScreeningStage.Prompt).Where(c => c.Key.Strictness == Strictness.Standard));
            var changed = screenings.Count(s => s.Strictness == Strictness.Standard && s.End(now, Thresholds.None) != s.End(then, Thresholds.None));
            Assert.Equal((screenings.Count(s => s.Strictness == Strictness.Standard), new CountRange(changed, changed)), (effect.Total, effect.Changed));
        }
    }

    [Fact]
    public async Task Counts_beyond_one_statement_are_written_in_several_and_none_twice()
    {
        await using var service = await moderation.StartAsync();
        var (random, tally, writer) = (new Random(8), service.Services.GetRequiredService<ScoreTally>(), service.Services.GetRequiredService<WriteTallies>());
        var owner = ModerationFixture.OwnerOf(service);
        await ExecuteAsync(owner, "alter table score_counts add constraint not_yet check (stage = 'prompt')");
        foreach (var s in Enumerable.Range(0, 15_000).Select(_ => Scripted.Of(random))) tally.Record(ScreeningStage.Prompt, s.Strictness, s.Judgement);
        tally.Record(ScreeningStage.Output, Strictness.Standard, Judgement.Allowed);

        await Assert.ThrowsAsync<PostgresException>(() => writer.FlushAsync(TestContext.Current.CancellationToken));
        await ExecuteAsync(owner, "alter table score_counts drop constraint not_yet");
        await writer.FlushAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["""{"sum": 15001}"""], await ModerationFixture.RowsAsync(owner, "select sum(count) from score_counts where category = 'all'"));
        Assert.InRange((await ModerationFixture.RowsAsync(owner, "select 1 from score_counts")).Length, 5_001, int.MaxValue);
    }

    [Fact]
    public async Task Counts_wait_while_the_database_is_away()
    {
        await using var service = await moderation.StartAsync();
        var owner = ModerationFixture.OwnerOf(service);
        await ExecuteAsync(owner, "alter table score_counts rename to away");
        await ModerationFixture.ScreenAsync(service, ModerationFixture.Prompt("hello"));
        await Assert.ThrowsAsync<PostgresException>(() => service.Services.GetRequiredService<WriteTallies>().FlushAsync(TestContext.Current.CancellationToken));
        await ModerationFixture.ScreenAsync(service, ModerationFixture.Prompt("hello"));
        await ExecuteAsync(owner, "alter table away rename to score_counts");

        await service.Services.GetRequiredService<WriteTallies>().FlushAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["""{"sum": 2}"""], await ModerationFixture.RowsAsync(owner, "select sum(count) from score_counts where category = 'all'"));
    }

    private static void AssertHolds(CountRange range, int recounted, bool isExact)
    {
        if (isExact) Assert.Equal(new CountRange(recounted, recounted), range);
        else Assert.InRange(recounted, range.AtLeast, range.AtMost);
    }

    private static Policy PolicyOf(Random random)
    {
        var block = random.Next(5, 100) / 100m;
        return Policy.BuiltIn("hate", ScreeningStage.Prompt) with
        {
            BlockAt = random.Next(4) == 0 ? null : block,
            ReviewAt = random.Next(3) == 0 ? null : random.Next(5, (int)(block * 100) + 1) / 100m,
            OnRuleHit = (VerdictAction)random.Next(3),
            Action = random.Next(4) == 0 ? (VerdictAction)random.Next(3) : VerdictAction.Block,
        };
    }

    private static string Item(string category, string stage, int total, int changed, (int Block, int Review) now, (int Block, int Review) then, (int Total, int Changed) verdicts)
    {
        static object Exactly(int count) => new { atLeast = count, atMost = count };
        return JsonSerializer.Serialize(new
        {
            category,
            stage,
            screenings = new
            {
                total,
                changed = Exactly(changed),
                now = new { block = Exactly(now.Block), review = Exactly(now.Review) },
                then = new { block = Exactly(then.Block), review = Exactly(then.Review) },
            },
            verdicts = new { total = verdicts.Total, changed = Exactly(verdicts.Changed) },
            providerFlags = new { block = 0, review = 0 },
        });
    }

    private static async Task ExecuteAsync(NpgsqlDataSource db, string sql)
    {
        await using var command = db.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
