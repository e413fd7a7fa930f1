using Npgsql;

namespace Aigc2d.ServiceDefaults.Postgres;

/// <summary>What a failed statement says about whose fault it was.</summary>
public static class PostgresErrors
{
    /// <summary>One item of a set may have caused it, or its neighbours: bad data (22xxx), a broken constraint (23xxx), a deadlock or a lock that was not to be had. The set is worth halving.</summary>
    public static bool IsWorthSplitting(Exception exception) =>
        exception is PostgresException { SqlState: { } state }
        && (state.StartsWith("22", StringComparison.Ordinal) || state.StartsWith("23", StringComparison.Ordinal) || state is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable);
}
