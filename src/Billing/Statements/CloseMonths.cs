using System.Text.Json;
using Aigc2d.Billing.FinanceFeed;
using Aigc2d.Billing.Ledger;
using Aigc2d.ServiceDefaults.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.Billing.Statements;

/// <summary>
/// Closes every month an hour after its end, in UTC by the money clock: one statement and one announcement per account that had points or moved
/// any, once. Months are closed in their order; whatever fails is tried again.
/// </summary>
internal sealed class CloseMonths(NpgsqlDataSource db, FeedSignal signal, TimeProvider time, ILogger<CloseMonths> logger) : BackgroundService
{
    /// <summary>No transaction lives this long, so none that began in the month ends after its statement.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromHours(1);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>So many accounts are locked at once, for some milliseconds.</summary>
    private const int BatchSize = 100;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await CloseDueAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning("The month could not be closed and is tried again: {Reason}", exception.Message);
            }

            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Closes all months that have ended and answers how many statements that made.</summary>
    public async Task<int> CloseDueAsync(CancellationToken ct)
    {
        var closed = 0;
        while (await NextDueAsync(ct) is { } month)
        {
            var (statements, isComplete) = await CloseAsync(month, ct);
            closed += statements;
            if (!isComplete) return closed;

            await MarkAsync(month, ct);
            logger.LogInformation("Closed {Month} with {Count} statements", month, statements);
        }

        return closed;
    }

    private async Task<(int Statements, bool IsComplete)> CloseAsync(Month month, CancellationToken ct)
    {
        var (statements, isComplete, last) = (0, true, Guid.Empty);
        while (await OpenAccountsAsync(month, last, ct) is { Length: > 0 } accounts)
        {
            last = accounts[^1];
            var (count, isWhole) = await CloseSomeAsync(month, accounts, ct);
            statements += count;
            isComplete &= isWhole;
        }

        return (statements, isComplete);
    }

    /// <summary>An account whose lock is not to be had leaves its neighbours alone.</summary>
    private async Task<(int Statements, bool IsComplete)> CloseSomeAsync(Month month, Guid[] accounts, CancellationToken ct)
    {
        try
        {
            return (await WriteAsync(month, accounts, ct), true);
        }
        catch (PostgresException exception) when (PostgresErrors.IsWorthSplitting(exception))
        {
            if (accounts.Length == 1)
            {
                logger.LogWarning("The statement of account {AccountId} for {Month} waits: {Reason}", accounts[0], month, exception.MessageText);
                return (0, false);
            }

            var (first, isFirstWhole) = await CloseSomeAsync(month, accounts[..(accounts.Length / 2)], ct);
            var (second, isSecondWhole) = await CloseSomeAsync(month, accounts[(accounts.Length / 2)..], ct);
            return (first + second, isFirstWhole && isSecondWhole);
        }
    }

    private async Task<int> WriteAsync(Month month, Guid[] accounts, CancellationToken ct)
    {
        var sums = new List<Statement>();
        var closed = new HashSet<Guid>();
        await using var unit = await LedgerUnit.BeginAsync(
            db,
            accounts,
            ct,
            StatementRows.SumUnderLock(accounts, month, sums),
            new LedgerRead(
                new("select account_id from statements where month = $1 and account_id = any($2)") { Parameters = { new() { Value = month.First }, accounts.ToParameter(NpgsqlDbType.Uuid) } },
                row => closed.Add(row.GetGuid(0))));
        var statements = sums.Where(statement => !statement.IsEmpty && !closed.Contains(statement.AccountId)).ToList();
        if (statements.Count == 0) return 0;

        foreach (var statement in statements) unit.Announce(StatementClosed.Of(unit, unit.Account(statement.AccountId)!, statement));
        await unit.CommitAsync(batch => batch.BatchCommands.Add(InsertOf(month, statements)));
        signal.Poke();
        return statements.Count;
    }

    private static NpgsqlBatchCommand InsertOf(Month month, List<Statement> statements) => new(Insert)
    {
        Parameters =
        {
            new() { Value = month.First },
            statements.Select(s => s.AccountId).ToParameter(NpgsqlDbType.Uuid),
            statements.Select(s => s.OpeningBalanceMicropoints).ToParameter(NpgsqlDbType.Bigint),
            statements.Select(s => s.ClosingBalanceMicropoints).ToParameter(NpgsqlDbType.Bigint),
            statements.Select(s => JsonSerializer.Serialize(s.Movements, StatementRows.Json)).ToParameter(NpgsqlDbType.Jsonb),
            statements.Select(s => JsonSerializer.Serialize(s.Charges, StatementRows.Json)).ToParameter(NpgsqlDbType.Jsonb),
        },
    };

    private async Task<Month?> NextDueAsync(CancellationToken ct)
    {
        await using var command = db.CreateCommand(NextDue);
        command.Parameters.Add(new() { Value = Grace });
        return await command.ExecuteScalarAsync(ct) is DateTime first ? new Month(DateOnly.FromDateTime(first)) : null;
    }

    private async Task<Guid[]> OpenAccountsAsync(Month month, Guid after, CancellationToken ct)
    {
        var accounts = new List<Guid>();
        await using var command = db.CreateCommand(OpenAccounts);
        command.Parameters.Add(new() { Value = month.First });
        command.Parameters.Add(new() { Value = month.NextFirst });
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = BatchSize });
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) accounts.Add(reader.GetGuid(0));
        return [.. accounts];
    }

    private async Task MarkAsync(Month month, CancellationToken ct)
    {
        await using var command = db.CreateCommand(Mark);
        command.Parameters.Add(new() { Value = month.First });
        await command.ExecuteNonQueryAsync(ct);
    }

    private const string NextDue = """
        select month::timestamp from (select coalesce(
            (select (max(month) + interval '1 month')::date from closed_months),
            (select date_trunc('month', min(day)::timestamp)::date from movement_days)) as month) next
        where (month + interval '1 month') at time zone 'utc' + $1 <= ledger_now()
        """;

    private const string OpenAccounts = """
        select a.id from ledger_accounts a
        where a.kind = 'customer' and a.id > $3
            and exists (select from movement_days d where d.account_id = a.id and d.day < $2)
            and not exists (select from statements s where s.month = $1 and s.account_id = a.id)
        order by a.id limit $4
        """;

    private const string Insert = """
        insert into statements (month, account_id, opening_balance_micropoints, closing_balance_micropoints, movements, charges)
        select $1, s.account_id, s.opening, s.closing, s.movements, s.charges from unnest($2, $3, $4, $5, $6) as s(account_id, opening, closing, movements, charges)
        """;

    private const string Mark = """
        insert into closed_months (month, statements) select $1, count(*) from statements where month = $1 on conflict (month) do nothing
        """;
}
