using System.Text.Json;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Contracts.Providers;
using Aigc2d.Moderation.Lifetimes;
using Aigc2d.TestKit;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Aigc2d.Moderation.Tests.Refusals;

/// <summary>What becomes of refusals by providers' own content rules.</summary>
public sealed class RefusalTests(ModerationFixture fixture)
{
    private static readonly DateTimeOffset At = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_refusal_is_kept_once_and_is_no_strike()
    {
        await using var service = await fixture.StartAsync(messaging: await fixture.NewBrokerAsync());
        var owner = ModerationFixture.OwnerOf(service);
        await MarkedAsync(service);
        CallRefused[] kept =
        [
            Refused("openai", ScreeningStage.Prompt, "unspecified"),
            Refused("openai", ScreeningStage.Prompt, "jailbreak,hate,self_harm"),
            Refused("anthropic", ScreeningStage.Output, "cyber"),
            Refused("wenxin", ScreeningStage.Output, "unspecified"),
            Refused("anthropic", ScreeningStage.Output, "bio"),
        ];

        foreach (var refused in kept.Concat(kept).Append(kept[0] with { RefusedFor = "violence" })) await PublishAsync(service, refused);
        var last = Refused("wenxin-v2", ScreeningStage.Output, "unspecified");
        await PublishAsync(service, last);
        await Eventually.Equal(kept.Length + 1, async () => (await RowsAsync(owner)).Length);
        await MarkedAsync(service);

        (Guid, Guid, string?, string?, string?)[] expected =
        [
            (kept[0].RequestId, kept[0].AccountId, "provider.openai", "prompt", null),
            (kept[1].RequestId, kept[1].AccountId, "provider.openai", "prompt", "hate"),
            (kept[2].RequestId, kept[2].AccountId, "provider.anthropic", "output", "malware"),
            (kept[3].RequestId, kept[3].AccountId, "provider.wenxin", "output", null),
            (kept[4].RequestId, kept[4].AccountId, "provider.anthropic", "output", "illegal"),
            (last.RequestId, last.AccountId, "provider.wenxin-v2", "output", null),
        ];
        Assert.Equal(expected.Order(), (await RowsAsync(owner)).Order());
        Assert.Empty(await ModerationFixture.RowsAsync(owner, "select 1 from violations union all select 1 from verdicts"));
    }

    [Fact]
    public async Task A_refusal_lives_as_long_as_a_verdict_that_counts_against_nobody()
    {
        await using var service = await fixture.StartAsync(configure: builder => builder.Services.AddSingleton<TimeProvider>(new TestClock(At)));
        var owner = ModerationFixture.OwnerOf(service);
        await ExecuteAsync(owner, $"insert into refusals values (gen_random_uuid(), gen_random_uuid(), 'provider.openai', 'prompt', null, '{At:O}')");
        var clock = new TestClock(At.AddDays(89.9));
        using var forget = new ForgetOldRecords(owner, LifetimeOptions.Of(new ConfigurationBuilder().Build()), clock, NullLogger<ForgetOldRecords>.Instance);

        await forget.ForgetSomeAsync(TestContext.Current.CancellationToken);
        Assert.Single(await RowsAsync(owner));
        clock.Advance(TimeSpan.FromDays(0.2));
        await forget.ForgetSomeAsync(TestContext.Current.CancellationToken);
        Assert.Empty(await RowsAsync(owner));
    }

    [Theory, InlineData("update refusals set category = null"), InlineData("delete from refusals")]
    public async Task The_services_own_role_cannot_rewrite_refusals(string sql)
    {
        var app = fixture.Service.Services.GetRequiredService<NpgsqlDataSource>();
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(app, sql))).SqlState);
    }

    private static CallRefused Refused(string provider, ScreeningStage stage, string refusedFor) => new()
    {
        RequestId = Guid.CreateVersion7(),
        AccountId = Guid.CreateVersion7(),
        Provider = provider,
        Stage = stage,
        RefusedFor = refusedFor,
        EndedAt = At,
    };

    private static Task PublishAsync(ServiceUnderTest service, CallRefused refused) => service.Services.GetRequiredService<IBus>().Publish(refused);

    /// <summary>Sends marks until one is kept: by then the service listens, and what was sent before the mark has been taken.</summary>
    private static async Task MarkedAsync(ServiceUnderTest service)
    {
        var owner = ModerationFixture.OwnerOf(service);
        await Eventually.True(async () =>
        {
            await PublishAsync(service, Refused("mark", ScreeningStage.Output, "unspecified"));
            return (await ModerationFixture.RowsAsync(owner, "select 1 from refusals where source = 'provider.mark'")).Length > 0;
        });
        await ExecuteAsync(owner, "delete from refusals where source = 'provider.mark'");
    }

    private static async Task<(Guid RequestId, Guid AccountId, string? Source, string? Stage, string? Category)[]> RowsAsync(NpgsqlDataSource owner) =>
    [
        .. (await ModerationFixture.RowsAsync(owner, "select * from refusals where source <> 'provider.mark'")).Select(row => JsonDocument.Parse(row).RootElement).Select(row => (
            row.GetProperty("request_id").GetGuid(), row.GetProperty("account_id").GetGuid(), row.GetProperty("source").GetString(), row.GetProperty("stage").GetString(), row.GetProperty("category").GetString())),
    ];

    private static async Task ExecuteAsync(NpgsqlDataSource db, string sql)
    {
        await using var command = db.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
