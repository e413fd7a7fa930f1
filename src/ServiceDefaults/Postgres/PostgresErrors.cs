using Npgsql;

namespace Aigc2d.ServiceDefaults.Postgres;

/// <summary>What a failed statement says about whose fault it was.</summary>
public static class PostgresErrors
{
    /// <summary>One item of a set may have caused it, or its neighbours: bad data (22xxx), a broken constraint (23xxx), a deadlock or a lock that was not to be had. The set is worth halving.</summary>
    public static bool IsWorthSplitting(Exception exception) =>
        exception is PostgresException { SqlState: { } state }
        && (state.StartsWith("22", StringComparison.Ordinal) || state.StartsWith("23", StringComparison.Ordinal) || state is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable);

    /// <summary>
    /// The database is away, starting, stopping, full or too slow, so the same statement may work later: connections that break, the classes 08
    /// (connection), 40 (rolled back), 53 (resources), 57 (operator, crash, statement time-out) and 58 (system), and locks that were not to be had.
    /// </summary>
    public static bool IsOutage(Exception exception) => exception switch
    {
        PostgresException { SqlState: { Length: 5 } state } postgres => postgres.IsTransient || state[..2] is "08" or "40" or "53" or "57" or "58",
        NpgsqlException npgsql => npgsql.IsTransient,
        _ => false,
    };
}
