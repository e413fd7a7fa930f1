using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Models;
using Aigc2d.Moderation.Policies;
using Aigc2d.Moderation.Tests.Rules;
using Aigc2d.Moderation.Verdicts;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Aigc2d.Moderation.Tests.Verdicts;

/// <summary>What counts against an account: each text once in ten minutes.</summary>
public sealed class StrikeTests(ModerationFixture moderation)
{
    [Fact]
    public async Task The_same_text_in_any_disguise_is_one_strike_and_another_accounts_is_another()
    {
        var first = ModerationFixture.Prompt(ModerationFixture.Blocked);
        var others = new[] { ModerationFixture.Blocked, ModerationFixture.Blocked.ToUpperInvariant(), ModerationFixture.Blocked }.Select(text => ModerationFixture.Prompt(text) with { AccountId = first.AccountId }).ToArray();
        var (elsewhere, different) = (ModerationFixture.Prompt(ModerationFixture.Blocked), ModerationFixture.Prompt("how to make a bomb") with { AccountId = first.AccountId });
        await moderation.ScreenAsync([first, .. others, elsewhere, different]);

        await ModerationFixture.VerdictOfAsync(moderation.Owner, different.RequestId);
        Assert.Equal(5, await CountAsync("select 1 from verdicts where account_id = $1", first.AccountId));
        Assert.Equal(
            [first.RequestId, different.RequestId],
            (await ModerationFixture.RowsAsync(moderation.Owner, "select request_id as id from violations where account_id = $1 order by occurred_at", first.AccountId)).Select(IdOf));
        Assert.Equal(1, await CountAsync("select 1 from violations where account_id = $1", elsewhere.AccountId));
    }

    [Fact]
    public async Task A_text_that_two_processes_record_at_once_is_one_strike()
    {
        await using var service = await moderation.StartAsync();
        var owner = ModerationFixture.OwnerOf(service);
        var screening = ModerationFixture.Prompt(ModerationFixture.Blocked);
        await using var connection = await owner.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var command = new NpgsqlCommand("insert into violations select gen_random_uuid(), $1, 'illegal', 'P1', 'same', now()", connection) { Parameters = { new() { Value = screening.AccountId } } })
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var other = new VerdictTable(owner).WriteAsync([RowOf(screening)]);
        await ModerationFixture.SomebodyWaitsAsync(owner, other);
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        await other;

        Assert.Equal((1, 1), ((await ModerationFixture.RowsAsync(owner, "select 1 from verdicts")).Length, (await ModerationFixture.RowsAsync(owner, "select 1 from violations")).Length));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_ten_minutes_the_same_text_counts_again_in_one_batch_or_in_several(bool isOneBatch)
    {
        var screening = ModerationFixture.Prompt(ModerationFixture.Blocked);
        var start = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().AddHours(-1).ToUnixTimeSeconds());
        var table = new VerdictTable(moderation.Service.Services.GetRequiredService<NpgsqlDataSource>());
        var rows = new[] { 0, 8, 9.99, 10, 12, 20.5 }.Select(minutes => RowOf(screening with { RequestId = Guid.CreateVersion7() }) with { DecidedAt = start.AddMinutes(minutes) }).ToArray();

        if (isOneBatch) await table.WriteAsync(rows);
        else foreach (var row in rows) await table.WriteAsync([row]);

        Assert.Equal(
            [rows[0].RequestId, rows[3].RequestId, rows[5].RequestId],
            (await ModerationFixture.RowsAsync(moderation.Owner, "select request_id as id from violations where account_id = $1 order by occurred_at", screening.AccountId)).Select(IdOf));
    }

    [Fact]
    public async Task P2_is_blocked_without_a_strike()
    {
        var screening = ModerationFixture.Prompt(ModerationFixture.Unsafe("jurisdiction"));
        var verdict = Assert.Single(await moderation.ScreenAsync(screening));

        Assert.False((await ModerationFixture.VerdictOfAsync(moderation.Owner, screening.RequestId)).GetProperty("strike").GetBoolean());
        Assert.Equal((VerdictAction.Block, "jurisdiction"), (verdict.Action, verdict.Category));
        Assert.Equal(0, await CountAsync("select 1 from violations where account_id = $1", screening.AccountId));
    }

    [Fact]
    public async Task An_end_user_is_known_again_by_a_keyed_hash_that_differs_between_accounts()
    {
        var (one, other) = (ModerationFixture.Prompt(ModerationFixture.Blocked) with { EndUser = "u-1" }, ModerationFixture.Prompt(ModerationFixture.Blocked) with { EndUser = "u-1" });
        await moderation.ScreenAsync(one, other);

        var row = await ModerationFixture.VerdictOfAsync(moderation.Owner, one.RequestId);
        var hashes = new EvidenceHash(Convert.ToBase64String(new byte[32]));
        Assert.Equal(hashes.OfEndUser(one.AccountId, "u-1"), row.GetProperty("end_user_hash").GetString());
        Assert.NotEqual(hashes.OfEndUser(other.AccountId, "u-1"), row.GetProperty("end_user_hash").GetString());
        Assert.Equal(1, await CountAsync("select 1 from violations v join verdicts d using (request_id, end_user_hash) where v.account_id = $1", one.AccountId));
    }

    [Fact]
    public async Task A_review_of_one_window_of_an_answer_does_not_hide_the_block_of_the_next()
    {
        var screening = ModerationFixture.Prompt(ModerationFixture.Blocked) with { Stage = ScreeningStage.Output };
        var table = new VerdictTable(moderation.Service.Services.GetRequiredService<NpgsqlDataSource>());
        await table.WriteAsync([RowOf(screening) with { Action = VerdictAction.Review, Strike = false }]);
        await table.WriteAsync([RowOf(screening) with { Strike = false }, RowOf(screening) with { Strike = false }]);

        Assert.Equal(
            ["""{"action": "block"}""", """{"action": "review"}"""],
            await ModerationFixture.RowsAsync(moderation.Owner, "select action from verdicts where request_id = $1 order by action", screening.RequestId));
    }

    private static VerdictRow RowOf(Screening screening)
    {
        var policy = PolicySnapshot.BuiltIn(Thresholds.None).For(screening.Stage, screening.Strictness);
        return VerdictRow.Of(screening, TwinTests.Screener.Screen([ModerationFixture.Blocked], ScreeningStage.Prompt), policy, "test", TimeProvider.System.GetUtcNow()) with { ContentHash = "same", Strike = true };
    }

    private static Guid IdOf(string row) => System.Text.Json.JsonDocument.Parse(row).RootElement.GetProperty("id").GetGuid();

    private async Task<int> CountAsync(string sql, Guid id) => (await ModerationFixture.RowsAsync(moderation.Owner, sql, id)).Length;
}
