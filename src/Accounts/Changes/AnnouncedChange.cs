using Aigc2d.Contracts.Accounts;
using Aigc2d.ServiceDefaults.Outbox;
using Npgsql;

namespace Aigc2d.Accounts.Changes;

/// <summary>A change to what principals are made of: the change, the counter that gateways poll and the word to them commit together.</summary>
internal sealed class AnnouncedChange(NpgsqlDataSource db, OutboxSignal outbox)
{
    /// <param name="accountId">The account it concerns.</param>
    /// <param name="keyId">The one key it concerns; null for all of the account.</param>
    /// <param name="change">Adds the change's own statements.</param>
    /// <param name="ct">Cancels before the transaction begins, not during it.</param>
    public async Task WriteAsync(Guid accountId, Guid? keyId, Action<NpgsqlBatch> change, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var batch = new NpgsqlBatch(connection, transaction);
        change(batch);
        batch.BatchCommands.Add(new("update change_counter set value = value + 1"));
        Outbox.Stage(batch, [new PrincipalChanged { AccountId = accountId, KeyId = keyId }]);
        await batch.ExecuteNonQueryAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        outbox.Poke();
    }
}
