using Aigc2d.ServiceDefaults.Outbox;
using Npgsql;

namespace Aigc2d.Accounts.Changes;

/// <summary>
/// The only way to change what a principal is made of: the change, the counter that gateways poll and the announcement commit together. A sequence would not
/// do as a counter: it moves before the commit, and whoever saw it move could cache the old state again.
/// </summary>
internal sealed class ChangeUnit(NpgsqlDataSource db, OutboxSignal signal)
{
    // Each try waits for locks for 200 ms; changes queue up behind the one counter.
    private const int Tries = 10;

    /// <summary>Runs statements as one change. When the first of them finds no row, nothing happens at all and the answer is false.</summary>
    /// <param name="change">What is announced.</param>
    /// <param name="statements">Makes the statements, anew for each try.</param>
    /// <param name="ct">Cancels what has not been committed.</param>
    public async Task<bool> TryCommitAsync<TChange>(TChange change, Func<NpgsqlBatchCommand[]> statements, CancellationToken ct)
        where TChange : class
    {
        for (var tried = 1; ; tried++)
        {
            try
            {
                return await CommitAsync(change, statements(), ct);
            }
            catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected && tried < Tries)
            {
                // Nothing has happened; the next try stands in line anew.
            }
        }
    }

    private async Task<bool> CommitAsync<TChange>(TChange change, NpgsqlBatchCommand[] statements, CancellationToken ct)
        where TChange : class
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var first = new NpgsqlBatch(connection, transaction) { BatchCommands = { statements[0] } })
            if (await first.ExecuteNonQueryAsync(ct) == 0) return false;

        await using (var batch = new NpgsqlBatch(connection, transaction))
        {
            foreach (var statement in statements[1..]) batch.BatchCommands.Add(statement);
            Outbox.Stage(batch, [change]);
            batch.BatchCommands.Add(new(Count));
            await batch.ExecuteNonQueryAsync(ct);
        }

        // Whether a commit took effect is unknown once it is cut off: it is not cut off.
        await transaction.CommitAsync(CancellationToken.None);
        signal.Poke();
        return true;
    }

    private const string Count = "update changes set counter = counter + 1";
}
