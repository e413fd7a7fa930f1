using Aigc2d.ServiceDefaults.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Aigc2d.ServiceDefaults.Tests;

public sealed class MonthlyPartitionTests(ServiceFixture fixture)
{
    [Fact]
    public async Task Months_are_made_once_and_rows_that_came_before_their_month_was_made_are_moved_into_it()
    {
        var database = fixture.NewDatabase();
        await new Migrator(new(database, "probe_app", [typeof(Migrator).Assembly]), NullLogger<Migrator>.Instance).MigrateAsync(CancellationToken.None);
        await using var db = NpgsqlDataSource.Create(database);
        await ExecuteAsync(db, "create table calls (request_id uuid primary key) partition by range (request_id)");
        await ExecuteAsync(db, "create table calls_default partition of calls default");
        var now = TimeProvider.System.GetUtcNow();
        var lastMonth = new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMilliseconds(-1);
        var ofNoMonth = Guid.Parse("9e107d9d-372b-4d1c-8f2a-000000000001");
        foreach (var id in new[] { Guid.CreateVersion7(lastMonth), Guid.CreateVersion7(lastMonth.AddMilliseconds(1)), ofNoMonth })
            await ExecuteAsync(db, $"insert into calls values ('{id}')");

        var keep = new KeepMonthlyPartitions("calls", db, TimeProvider.System, NullLogger<KeepMonthlyPartitions>.Instance);

        Assert.Equal(4, await keep.KeepAsync(CancellationToken.None));
        Assert.Equal(0, await keep.KeepAsync(CancellationToken.None));
        Assert.Equal(
            $"calls_{now:yyyy_MM} 1, calls_default 2",
            await ReadAsync(db, "select string_agg(part || ' ' || rows, ', ' order by part) from (select tableoid::regclass::text as part, count(*) as rows from calls group by 1) c"));

        await ExecuteAsync(db, $"select keep_monthly_partitions('calls', 0, '{lastMonth:o}')");
        Assert.Equal("1", await ReadAsync(db, $"select count(*)::text from calls_{lastMonth:yyyy_MM}"));
        Assert.Equal(ofNoMonth.ToString(), await ReadAsync(db, "select string_agg(request_id::text, ' ') from calls_default"));
    }

    private static async Task ExecuteAsync(NpgsqlDataSource db, string sql)
    {
        await using var command = db.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<string?> ReadAsync(NpgsqlDataSource db, string sql)
    {
        await using var command = db.CreateCommand(sql);
        return (string?)await command.ExecuteScalarAsync();
    }
}
