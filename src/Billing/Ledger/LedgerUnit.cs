using System.Data;
using Aigc2d.Billing.FinanceFeed;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.Billing.Ledger;

/// <summary>
/// One database transaction over the ledger. It locks the accounts in one order, then reads with a fresh snapshot, lets code decide, and writes
/// everything in set-based statements. Lock first, read second: a decision on what was read before the lock would let two sessions spend the
/// same points.
/// </summary>
internal sealed class LedgerUnit : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly Dictionary<Guid, LedgerAccount> _accounts = [];
    private readonly List<Movement> _movements = [];
    private readonly List<(Guid TransactionId, Guid AccountId, long Amount, long BalanceAfter)> _entries = [];
    private readonly List<FeedEvent> _events = [];

    private LedgerUnit(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        _connection = connection;
        _transaction = transaction;
    }

    /// <summary>The database's money clock at the start of this transaction (UTC).</summary>
    public DateTimeOffset Now { get; private set; }

    /// <summary>The UTC day that caps count.</summary>
    public DateOnly Today => DateOnly.FromDateTime(Now.UtcDateTime);

    /// <summary>The newest price version at the time of the lock.</summary>
    public long PriceVersion { get; private set; }

    /// <summary>Begins a transaction, locks the accounts that exist, then runs <paramref name="reads"/>, all in one round trip.</summary>
    public static async Task<LedgerUnit> BeginAsync(NpgsqlDataSource db, IEnumerable<Guid> accountIds, CancellationToken ct, params LedgerRead[] reads)
    {
        var connection = await db.OpenConnectionAsync(ct);
        try
        {
            var unit = new LedgerUnit(connection, await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, ct));
            await unit.LockAsync([.. accountIds.Distinct()], reads, ct);
            return unit;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public LedgerAccount? Account(Guid id) => _accounts.GetValueOrDefault(id);

    /// <summary>Moves points from one locked account to another.</summary>
    public LedgerAccount Move(Movement movement)
    {
        _movements.Add(movement);
        Enter(movement.To, movement.AmountMicropoints);
        return Enter(movement.From, -movement.AmountMicropoints);

        LedgerAccount Enter(Guid id, long amount)
        {
            var account = _accounts[id];
            account.Post(amount);
            _entries.Add((movement.Id, id, amount, account.BalanceMicropoints));
            return account;
        }
    }

    /// <summary>Announces on the finance feed, in the place of the account's sequence that its lock gives.</summary>
    public void Announce(FeedEvent announced) => _events.Add(announced);

    /// <summary>Writes accounts, movements, events and what the caller adds, and commits, in one round trip.</summary>
    public async Task CommitAsync(Action<NpgsqlBatch>? add = null)
    {
        await using var batch = new NpgsqlBatch(_connection, _transaction);
        AddAccounts(batch);
        AddMovements(batch);
        FeedEvents.Add(batch, _events);
        add?.Invoke(batch);

        // The locks are held until the commit, so it travels with the writes; the server skips it when one of them fails.
        batch.BatchCommands.Add(new("commit"));

        // From here on nobody's patience matters: the transaction is whole or it is not there.
        await batch.PrepareAsync(CancellationToken.None);
        await batch.ExecuteNonQueryAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private async Task LockAsync(Guid[] ids, LedgerRead[] reads, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(_connection, _transaction);
        batch.BatchCommands.Add(new(PlanByKey));
        batch.BatchCommands.Add(new(Lock) { Parameters = { ids.ToParameter(NpgsqlDbType.Uuid) } });
        batch.BatchCommands.Add(new(ReadClock));
        foreach (var read in reads) batch.BatchCommands.Add(read.Command);

        await batch.PrepareAsync(ct);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.NextResultAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var account = new LedgerAccount(
                reader.GetGuid(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetFieldValue<DateOnly>(4), reader.GetInt64(5), reader.GetBoolean(6));
            _accounts.Add(account.Id, account);
        }

        await reader.NextResultAsync(ct);
        await reader.ReadAsync(ct);
        Now = reader.GetFieldValue<DateTimeOffset>(0);
        PriceVersion = reader.GetInt64(1);

        foreach (var read in reads)
        {
            await reader.NextResultAsync(ct);
            while (await reader.ReadAsync(ct)) read.Row(reader);
        }
    }

    private void AddAccounts(NpgsqlBatch batch)
    {
        if (_accounts.Count == 0) return;

        LedgerAccount[] accounts = [.. _accounts.Values];
        batch.BatchCommands.Add(new(UpdateAccounts)
        {
            Parameters =
            {
                accounts.Select(a => a.Id).ToParameter(NpgsqlDbType.Uuid),
                accounts.Select(a => a.BalanceMicropoints).ToParameter(NpgsqlDbType.Bigint),
                accounts.Select(a => a.HeldMicropoints).ToParameter(NpgsqlDbType.Bigint),
                accounts.Select(a => a.FeedSequence).ToParameter(NpgsqlDbType.Bigint),
                accounts.Select(a => a.SpendDay).ToParameter(NpgsqlDbType.Date),
                accounts.Select(a => a.SpendMicropoints).ToParameter(NpgsqlDbType.Bigint),
            },
        });
    }

    private void AddMovements(NpgsqlBatch batch)
    {
        if (_movements.Count == 0) return;

        batch.BatchCommands.Add(new(InsertTransactions)
        {
            Parameters =
            {
                _movements.Select(m => m.Id).ToParameter(NpgsqlDbType.Uuid),
                _movements.Select(m => m.Rule).ToParameter(NpgsqlDbType.Text),
                _movements.Select(m => m.BusinessId).ToParameter(NpgsqlDbType.Text),
                _movements.Select(m => m.AccountId).ToParameter(NpgsqlDbType.Uuid),
                _movements.Select(m => m.Actor).ToParameter(NpgsqlDbType.Text),
                _movements.Select(m => m.Reason).ToParameter(NpgsqlDbType.Text),
                _movements.Select(m => m.PriceVersion).ToParameter(NpgsqlDbType.Bigint),
            },
        });
        batch.BatchCommands.Add(new(InsertEntries)
        {
            Parameters =
            {
                _entries.Select(e => e.TransactionId).ToParameter(NpgsqlDbType.Uuid),
                _entries.Select(e => e.AccountId).ToParameter(NpgsqlDbType.Uuid),
                _entries.Select(e => e.Amount).ToParameter(NpgsqlDbType.Bigint),
                _entries.Select(e => e.BalanceAfter).ToParameter(NpgsqlDbType.Bigint),
            },
        });
    }

    // Every statement of the ledger finds its rows by key. A plan that was made while its table was small, and is kept by the connection, would
    // otherwise read the whole table for ever: each transaction would cost more than the one before, until the next analyze.
    private const string PlanByKey = "select set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)";

    private const string Lock = """
        select id, balance_micropoints, held_micropoints, feed_sequence, spend_day, spend_micropoints, sealed_at is not null
        from ledger_accounts where id = any($1) order by id for update
        """;

    private const string ReadClock = "select ledger_now(), coalesce((select max(version) from price_versions), 0)";

    private const string UpdateAccounts = """
        update ledger_accounts a
        set balance_micropoints = n.balance, held_micropoints = n.held, feed_sequence = n.sequence, spend_day = n.day, spend_micropoints = n.spend
        from unnest($1, $2, $3, $4, $5, $6) as n(id, balance, held, sequence, day, spend)
        where a.id = n.id
            and (a.balance_micropoints, a.held_micropoints, a.feed_sequence, a.spend_day, a.spend_micropoints) is distinct from (n.balance, n.held, n.sequence, n.day, n.spend)
        """;

    private const string InsertTransactions = """
        insert into ledger_transactions (id, rule, business_id, account_id, actor, reason, price_version)
        select * from unnest($1, $2, $3, $4, $5, $6, $7)
        """;

    private const string InsertEntries = """
        insert into ledger_entries (transaction_id, account_id, amount_micropoints, balance_after_micropoints)
        select t, a, amount, after from unnest($1, $2, $3, $4) with ordinality as e(t, a, amount, after, n) order by n
        """;
}

/// <summary>A query that runs after the locks, and what happens with each of its rows.</summary>
internal sealed record LedgerRead(NpgsqlBatchCommand Command, Action<NpgsqlDataReader> Row);

/// <summary>Points that move from one ledger account to another.</summary>
/// <param name="Rule">The rule that moves them: <c>charge</c>, <c>adjustment</c> …</param>
/// <param name="BusinessId">What they move for; unique per rule for ever.</param>
/// <param name="AccountId">The customer it concerns.</param>
/// <param name="AmountMicropoints">More than zero.</param>
internal sealed record Movement(
    string Rule, string BusinessId, Guid AccountId, Guid From, Guid To, long AmountMicropoints, string Actor, string Reason, long? PriceVersion = null)
{
    public Guid Id { get; } = Guid.CreateVersion7();
}
