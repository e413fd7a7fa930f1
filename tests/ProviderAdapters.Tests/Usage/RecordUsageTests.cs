using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Tests.Kit;
using Aigc2d.ProviderAdapters.Usage;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Aigc2d.ProviderAdapters.Tests.Usage;

public sealed class RecordUsageTests(AdaptersFixture fixture)
{
    private RecordUsage Usage => fixture.Adapters.Service.Services.GetRequiredService<RecordUsage>();

    [Fact]
    public async Task One_poison_row_of_fifty_fails_alone()
    {
        // A process of its own: what a failed statement may do to its connections is nobody else's trouble.
        var adapters = await fixture.StartAsync();
        var usage = adapters.Service.Services.GetRequiredService<RecordUsage>();
        var rows = Enumerable.Range(0, 50).Select(i => Row(i == 25 ? "a\0b" : $"model-{i}")).ToArray();

        var recorded = await Task.WhenAll(rows.Select(async row =>
        {
            try
            {
                return await usage.RecordAsync(row);
            }
            catch (PostgresException)
            {
                return false;
            }
        }));

        Assert.Equal(rows.Select((_, i) => i != 25), recorded);
        foreach (var row in rows.Where((_, i) => i != 25)) await fixture.AssertRecordedAsync(row, adapters);
        Assert.Null(await adapters.UsageOfAsync(rows[25].RequestId));

        // The connections are as good as before.
        var db = adapters.Service.Services.GetRequiredService<NpgsqlDataSource>();
        await Task.WhenAll(Enumerable.Range(0, 40).Select(async _ =>
        {
            await using var command = db.CreateCommand("select 1");
            Assert.Equal(1, await command.ExecuteScalarAsync());
        }));
    }

    [Fact]
    public async Task A_row_is_written_and_announced_once_however_often_it_is_recorded()
    {
        var row = Row("model");

        var recorded = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Usage.RecordAsync(row)));
        var again = await Usage.RecordAsync(row with { EndCause = EndCause.ProviderCut });
        var last = Row("sentinel");
        await Usage.RecordAsync(last);

        Assert.Equal((1, false), (recorded.Count(isNew => isNew), again));
        await fixture.AssertRecordedAsync(last);
        await fixture.AssertRecordedAsync(row);
    }

    [Fact]
    public async Task The_service_may_not_change_or_delete_what_is_recorded()
    {
        var row = Row("model");
        await Usage.RecordAsync(row);
        var db = fixture.Adapters.Service.Services.GetRequiredService<NpgsqlDataSource>();

        foreach (var sql in new[] { "update usage_records set output_tokens = 0", "delete from usage_records", "truncate usage_records" })
        {
            await using var command = db.CreateCommand(sql);
            var refusal = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
        }
    }

    private static UsageRow Row(string model) => new()
    {
        RequestId = Guid.CreateVersion7(),
        AccountId = Guid.CreateVersion7(),
        KeyId = Guid.CreateVersion7(),
        Model = model,
        Provider = "openai",
        ChannelId = Guid.CreateVersion7(),
        UpstreamModel = "up",
        EndCause = EndCause.Completed,
        ProviderAccepted = true,
        Streamed = true,
        Tokens = new TokenCounts(11, 9, 5, Estimated: true) { CacheWrite = 2, AudioInput = 1, Reasoning = 2, AudioOutput = 3 },
        StartedAt = default,
        EndedAt = default,
    };
}
