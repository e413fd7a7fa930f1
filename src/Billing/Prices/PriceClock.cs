using Npgsql;

namespace Aigc2d.Billing.Prices;

/// <summary>The money clock and the newest version, in one small query.</summary>
internal static class PriceClock
{
    public static async Task<DateTimeOffset> NowAsync(NpgsqlDataSource db, CancellationToken ct) => (await ReadAsync(db, ct)).Now;

    public static async Task<(DateTimeOffset Now, long Version)> ReadAsync(NpgsqlDataSource db, CancellationToken ct)
    {
        await using var command = db.CreateCommand("select ledger_now(), coalesce((select max(version) from price_versions), 0)");
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return (reader.GetFieldValue<DateTimeOffset>(0), reader.GetInt64(1));
    }
}
