using Aigc2d.ServiceDefaults.Postgres;
using Npgsql;

namespace Aigc2d.Billing.Exports;

/// <summary>A few connections that may only read, and may read for an hour: exports and reconciliation stand in nobody's way.</summary>
internal sealed class LongReads(string owner, string appRole) : IAsyncDisposable
{
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private readonly NpgsqlDataSource _db = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(PostgresExtensions.AppConnection(owner, appRole))
    {
        Options = $"-c role={appRole} -c default_transaction_read_only=on -c statement_timeout={Longest.TotalMilliseconds:F0} -c lock_timeout=2000 -c work_mem=32MB",
        CommandTimeout = (int)Longest.TotalSeconds,
        MaxPoolSize = 4,
    }.ConnectionString);

    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken ct) => _db.OpenConnectionAsync(ct);

    public ValueTask DisposeAsync() => _db.DisposeAsync();
}
