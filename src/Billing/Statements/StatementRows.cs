using System.Text.Json;
using Aigc2d.Billing.Ledger;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.Billing.Statements;

/// <summary>Reads statements: closed ones as they were written, others summed from the day totals.</summary>
internal static class StatementRows
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>The month of the money clock, and when <paramref name="month"/> was closed for all.</summary>
    public static async Task<(Month Current, DateTimeOffset? ClosedAt)> ClockAsync(NpgsqlDataSource db, Month month, CancellationToken ct)
    {
        await using var command = db.CreateCommand(Clock);
        command.Parameters.Add(new() { Value = month.First });
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return ClockOf(reader);
    }

    /// <summary>One account's month, whatever its state, in one round trip; null when it has not begun. Also answers the month of the money clock.</summary>
    public static async Task<(Statement? Statement, Month Current)> ReadAsync(NpgsqlDataSource db, Guid accountId, Month month, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(Clock) { Parameters = { new() { Value = month.First } } },
                new(ReadClosed + " where account_id = $1 and month = $2") { Parameters = { new() { Value = accountId }, new() { Value = month.First } } },
                new(Sum),
            },
        };
        batch.BatchCommands[2].Parameters.AddRange(SumParameters([accountId], month));
        await batch.PrepareAsync(ct);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        var (current, closedAt) = ClockOf(reader);
        if (month.First > current.First) return (null, current);

        await reader.NextResultAsync(ct);
        if (await reader.ReadAsync(ct)) return (ClosedOf(reader), current);

        await reader.NextResultAsync(ct);
        await reader.ReadAsync(ct);
        return (SumOf(reader, month) with { Closed = closedAt is not null, ClosedAt = closedAt }, current);
    }

    /// <summary>An account's closed statements before a month, newest first.</summary>
    public static async Task<List<Statement>> ClosedOfAsync(NpgsqlDataSource db, Guid accountId, Month before, int limit, CancellationToken ct)
    {
        await using var command = db.CreateCommand(ReadClosed + " where account_id = $1 and month < $2 order by month desc limit $3");
        command.Parameters.Add(new() { Value = accountId });
        command.Parameters.Add(new() { Value = before.First });
        command.Parameters.Add(new() { Value = limit });
        return await AllOfAsync(command, ct);
    }

    /// <summary>The closed statements of a month, in the order of their accounts.</summary>
    public static async Task<List<Statement>> ClosedInAsync(NpgsqlDataSource db, Month month, Guid after, int limit, CancellationToken ct)
    {
        await using var command = db.CreateCommand(ReadClosed + " where month = $1 and account_id > $2 order by account_id limit $3");
        command.Parameters.Add(new() { Value = month.First });
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = limit });
        return await AllOfAsync(command, ct);
    }

    /// <summary>The statements of accounts, as the day totals have them now, in the order of the accounts.</summary>
    public static async Task<List<Statement>> SumAsync(NpgsqlDataSource db, Guid[] accountIds, Month month, CancellationToken ct)
    {
        await using var command = db.CreateCommand(Sum);
        command.Parameters.AddRange(SumParameters(accountIds, month));
        var statements = new List<Statement>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) statements.Add(SumOf(reader, month));
        return statements;
    }

    /// <summary>The same under the accounts' locks.</summary>
    public static LedgerRead SumUnderLock(Guid[] accountIds, Month month, List<Statement> into)
    {
        var command = new NpgsqlBatchCommand(Sum);
        command.Parameters.AddRange(SumParameters(accountIds, month));
        return new(command, row => into.Add(SumOf(row, month)));
    }

    private static (Month Current, DateTimeOffset? ClosedAt) ClockOf(NpgsqlDataReader row) =>
        (Month.Of(row.GetFieldValue<DateTimeOffset>(0)), row.IsDBNull(1) ? null : row.GetFieldValue<DateTimeOffset>(1));

    private static NpgsqlParameter[] SumParameters(Guid[] accountIds, Month month) =>
        [accountIds.ToParameter(NpgsqlDbType.Uuid), new() { Value = month.First }, new() { Value = month.NextFirst }];

    private static Statement SumOf(NpgsqlDataReader row, Month month)
    {
        var movements = Lines<MovementLine>(row, 2);
        var opening = row.GetInt64(1);
        return new()
        {
            AccountId = row.GetGuid(0),
            Month = month.ToString(),
            Closed = false,
            ClosedAt = null,
            OpeningBalanceMicropoints = opening,
            Movements = movements,
            Charges = Lines<ChargeLine>(row, 3),
            ClosingBalanceMicropoints = movements.Aggregate(opening, (balance, line) => checked(balance + line.AmountMicropoints)),
        };
    }

    private static async Task<List<Statement>> AllOfAsync(NpgsqlCommand command, CancellationToken ct)
    {
        var statements = new List<Statement>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) statements.Add(ClosedOf(reader));
        return statements;
    }

    private static Statement ClosedOf(NpgsqlDataReader row) => new()
    {
        AccountId = row.GetGuid(0),
        Month = new Month(row.GetFieldValue<DateOnly>(1)).ToString(),
        Closed = true,
        ClosedAt = row.GetFieldValue<DateTimeOffset>(4),
        OpeningBalanceMicropoints = row.GetInt64(2),
        ClosingBalanceMicropoints = row.GetInt64(3),
        Movements = Lines<MovementLine>(row, 5),
        Charges = Lines<ChargeLine>(row, 6),
    };

    private static T[] Lines<T>(NpgsqlDataReader row, int column) => JsonSerializer.Deserialize<T[]>(row.GetString(column), Json)!;

    private const string Clock = "select ledger_now(), (select closed_at from closed_months where month = $1)";

    private const string ReadClosed = """
        select account_id, month, opening_balance_micropoints, closing_balance_micropoints, closed_at, movements, charges from statements
        """;

    // The opening balance goes on from the last statement, so that it costs the same in every year.
    private const string Sum = """
        select a.id,
            (coalesce(last.closing_balance_micropoints, 0) + coalesce((
                select sum(d.credit_micropoints - d.debit_micropoints) from movement_days d
                where d.account_id = a.id and d.day >= coalesce(last.next_month, '-infinity') and d.day < $2), 0))::bigint,
            (select coalesce(jsonb_agg(jsonb_build_object('rule', m.rule, 'credits', m.credits, 'creditMicropoints', m.credit_micropoints,
                    'debits', m.debits, 'debitMicropoints', -m.debit_micropoints) order by m.rule), '[]')
                from (select rule, sum(credits) as credits, sum(credit_micropoints) as credit_micropoints, sum(debits) as debits, sum(debit_micropoints) as debit_micropoints
                    from movement_days where account_id = a.id and day >= $2 and day < $3 group by rule) m),
            (select coalesce(jsonb_agg(jsonb_build_object('model', u.model, 'charges', u.charges, 'freeEndings', u.free_endings, 'inputTokens', u.input_tokens,
                    'outputTokens', u.output_tokens, 'cachedInputTokens', u.cached_input_tokens, 'amountMicropoints', -u.charged_micropoints) order by u.model), '[]')
                from (select model, sum(charges) as charges, sum(free_endings) as free_endings, sum(input_tokens) as input_tokens, sum(output_tokens) as output_tokens,
                        sum(cached_input_tokens) as cached_input_tokens, sum(charged_micropoints) as charged_micropoints
                    from usage_days where account_id = a.id and day >= $2 and day < $3 group by model) u)
        from unnest($1) as a(id)
        left join lateral (
            select closing_balance_micropoints, (month + interval '1 month')::date as next_month from statements
            where account_id = a.id and month < $2 order by month desc limit 1) last on true
        order by a.id
        """;
}
