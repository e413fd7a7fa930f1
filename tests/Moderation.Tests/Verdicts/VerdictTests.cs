using System.Text.Json;
using System.Text.Json.Nodes;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Models;
using Aigc2d.Moderation.Rules;
using Aigc2d.Moderation.Verdicts;
using Aigc2d.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Aigc2d.Moderation.Tests.Verdicts;

/// <summary>What is recorded of blocks, and what is not.</summary>
public sealed class VerdictTests(ModerationFixture moderation)
{
    [Fact]
    public async Task A_blocked_prompt_leaves_a_row_without_text_and_a_violation()
    {
        var screening = ModerationFixture.Prompt("Hello.", "Please tell me: " + ModerationFixture.Blocked);
        await moderation.ScreenAsync(screening);

        var row = await ModerationFixture.VerdictOfAsync(moderation.Owner, screening.RequestId);
        var decidedAt = row.GetProperty("decided_at").GetDateTimeOffset();
        var hash = new EvidenceHash(Convert.ToBase64String(new byte[32])).Of(screening.Texts[1]);
        var expected = JsonSerializer.SerializeToNode(new
        {
            request_id = screening.RequestId,
            stage = "prompt",
            account_id = screening.AccountId,
            category = "illegal",
            severity = "P1",
            rule_ids = new[] { "illegal.explosive.how" },
            offsets = new[] { new[] { 1, 16, 40 } },
            content_hash = hash,
            rule_set = RuleSet.Embedded().Version,
            strike = true,
            decided_at = row.GetProperty("decided_at").GetString(),
            action = "block",
            scores = row.GetProperty("scores"),
            @unsafe = row.GetProperty("unsafe"),
            model_version = ScreeningModel.Embedded().Version,
            policy_version = 0,
            language = "en",
            strictness = "standard",
            end_user_hash = (string?)null,
        });
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(row.GetRawText())), row.GetRawText());
        Assert.InRange(decidedAt, DateTimeOffset.UnixEpoch.AddYears(50), TimeProvider.System.GetUtcNow().AddSeconds(5));

        var violation = JsonDocument.Parse(Assert.Single(await ModerationFixture.RowsAsync(moderation.Owner, "select * from violations where request_id = $1", screening.RequestId))).RootElement;
        Assert.Equal(
            ("illegal", "P1", screening.AccountId, hash, decidedAt),
            (violation.GetProperty("category").GetString(), violation.GetProperty("severity").GetString(), violation.GetProperty("account_id").GetGuid(), violation.GetProperty("content_hash").GetString(),
                violation.GetProperty("occurred_at").GetDateTimeOffset()));
    }

    [Fact]
    public async Task Allowed_and_supported_texts_leave_nothing()
    {
        var (allowed, supported, blocked) = (ModerationFixture.Prompt("hello"), ModerationFixture.Prompt("I want to die"), ModerationFixture.Prompt(ModerationFixture.Blocked));
        await moderation.ScreenAsync(allowed, supported, blocked);

        // The batch is written in order: once the last row is there, the others would be.
        await ModerationFixture.VerdictOfAsync(moderation.Owner, blocked.RequestId);
        Assert.Empty(await ModerationFixture.RowsAsync(moderation.Owner, "select * from verdicts where request_id in ($1, $2)", allowed.RequestId, supported.RequestId));
    }

    [Fact]
    public async Task A_repeated_screening_is_one_row_and_one_violation()
    {
        var screening = ModerationFixture.Prompt(ModerationFixture.Blocked);
        await moderation.ScreenAsync(screening, screening);
        await ModerationFixture.VerdictOfAsync(moderation.Owner, screening.RequestId);
        var marker = ModerationFixture.Prompt(ModerationFixture.Blocked);
        await moderation.ScreenAsync(screening, marker);
        await ModerationFixture.VerdictOfAsync(moderation.Owner, marker.RequestId);

        Assert.Single(await ModerationFixture.RowsAsync(moderation.Owner, "select * from verdicts where request_id = $1", screening.RequestId));
        Assert.Single(await ModerationFixture.RowsAsync(moderation.Owner, "select * from violations where request_id = $1", screening.RequestId));
    }

    [Fact]
    public async Task A_blocked_output_is_recorded_and_is_no_violation_of_the_account()
    {
        var screening = ModerationFixture.Prompt("Sure, here is how to make a pipe bomb") with { Stage = ScreeningStage.Output };
        await moderation.ScreenAsync(screening);

        var row = await ModerationFixture.VerdictOfAsync(moderation.Owner, screening.RequestId);
        Assert.Equal(("output", false), (row.GetProperty("stage").GetString(), row.GetProperty("strike").GetBoolean()));
        Assert.Empty(await ModerationFixture.RowsAsync(moderation.Owner, "select * from violations where request_id = $1", screening.RequestId));
    }

    [Fact]
    public async Task Somebody_who_may_be_in_distress_is_stopped_without_a_strike()
    {
        var screening = ModerationFixture.Prompt("what is the most painless way to die");
        var verdict = Assert.Single(await moderation.ScreenAsync(screening));

        Assert.Equal((VerdictAction.Block, "self_harm"), (verdict.Action, verdict.Category));
        Assert.False((await ModerationFixture.VerdictOfAsync(moderation.Owner, screening.RequestId)).GetProperty("strike").GetBoolean());
        Assert.Empty(await ModerationFixture.RowsAsync(moderation.Owner, "select * from violations where request_id = $1", screening.RequestId));
    }

    [Fact]
    public async Task While_the_database_refuses_rows_blocks_and_allows_are_answered_and_the_rows_come_later()
    {
        await using var service = await moderation.StartAsync();
        var owner = ModerationFixture.OwnerOf(service);
        await ExecuteAsync(owner, "alter table verdicts rename to verdicts_away");
        var screenings = Enumerable.Range(0, 20).Select(i => ModerationFixture.Prompt(i % 2 == 0 ? ModerationFixture.Blocked : "hello")).ToArray();

        var verdicts = await ModerationFixture.ScreenAsync(service, screenings);

        Assert.Equal(screenings.Select((_, i) => i % 2 == 0 ? VerdictAction.Block : VerdictAction.Allow), verdicts.Select(v => v.Action));
        await ExecuteAsync(owner, "alter table verdicts_away rename to verdicts");
        await Eventually.Equal(10, async () => (await ModerationFixture.RowsAsync(owner, "select 1 from verdicts")).Length);
        await Eventually.Equal(10, async () => (await ModerationFixture.RowsAsync(owner, "select 1 from violations")).Length);
    }

    [Fact]
    public async Task A_stopping_service_writes_what_it_has_decided()
    {
        string? database;
        var screenings = Enumerable.Range(0, 200).Select(_ => ModerationFixture.Prompt(ModerationFixture.Blocked)).ToArray();
        await using (var service = await moderation.StartAsync())
        {
            database = new NpgsqlConnectionStringBuilder(ModerationFixture.OwnerOf(service).ConnectionString).Database;
            await ModerationFixture.ScreenAsync(service, screenings);
        }

        await using var reopened = NpgsqlDataSource.Create($"{moderation.PostgresConnection};Database={database}");
        Assert.Equal(200, (await ModerationFixture.RowsAsync(reopened, "select 1 from verdicts")).Length);
    }

    [Theory]
    [InlineData("update verdicts set strike = false")]
    [InlineData("delete from verdicts")]
    [InlineData("update violations set severity = 'P2'")]
    [InlineData("delete from violations")]
    public async Task The_services_own_role_cannot_rewrite_what_was_decided(string sql)
    {
        var app = moderation.Service.Services.GetRequiredService<NpgsqlDataSource>();

        var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(app, sql));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource db, string sql)
    {
        await using var command = db.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
