using System.Data;
using System.Globalization;
using Npgsql;

namespace Aigc2d.Billing.Audit;

/// <summary>Checks the invariants of the ledger on a live database, all in one consistent snapshot: <c>Aigc2d.Billing --audit</c>.</summary>
internal static class RunAudit
{
    private const int Clean = 0;
    private const int Violated = 1;
    private const int CannotConnect = 2;

    /// <summary>Prints <c>ok B1</c> or <c>FAIL B3 2 rows</c> with up to five ids per check; 0 clean, 1 violated, 2 cannot connect.</summary>
    public static async Task<int> MainAsync(TextWriter output, TextWriter errors)
    {
        var connectionString = Environment.GetEnvironmentVariable("ConnectionStrings__billingdb");
        if (connectionString is null)
        {
            await errors.WriteLineAsync("Set ConnectionStrings__billingdb to the connection string of the billing database.");
            return CannotConnect;
        }

        try
        {
            await using var db = NpgsqlDataSource.Create(ServiceDefaults.Postgres.PostgresExtensions.MaintenanceConnection(connectionString));
            return await RunAsync(db, output) ? Clean : Violated;
        }
        catch (NpgsqlException exception) when (exception is not PostgresException)
        {
            await errors.WriteLineAsync($"The billing database does not answer: {exception.Message}");
            return CannotConnect;
        }
    }

    /// <summary>True when every invariant holds.</summary>
    public static async Task<bool> RunAsync(NpgsqlDataSource db, TextWriter output)
    {
        await using var connection = await db.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead);
        await using (var settings = new NpgsqlCommand(Settings, connection, transaction)) await settings.ExecuteNonQueryAsync();

        var clean = true;
        foreach (var (invariant, sql) in AuditChecks.All.OrderBy(check => int.Parse(check.Invariant.AsSpan(1), CultureInfo.InvariantCulture)))
        {
            var ids = await ViolationsAsync(connection, sql);
            clean &= ids.Count == 0;
            await output.WriteLineAsync(ids.Count == 0 ? $"ok {invariant}" : $"FAIL {invariant} {ids.Count} rows {string.Join(' ', ids.Take(5))}");
        }

        return clean;
    }

    // Each check compares whole tables: without statistics, as in a ledger that grew a moment ago, nested loops would take hours.
    private const string Settings = "set transaction read only; set local enable_nestloop = off; set local jit = off";

    internal static async Task<List<string>> ViolationsAsync(NpgsqlConnection connection, string sql)
    {
        var ids = new List<string>();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) ids.Add(reader.GetValue(0).ToString()!);
        return ids;
    }
}
