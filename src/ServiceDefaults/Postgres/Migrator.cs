using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Aigc2d.ServiceDefaults.Postgres;

/// <summary>What to migrate.</summary>
/// <param name="ConnectionString">The owner's connection.</param>
/// <param name="AppRole">The role that the grants name as <c>{{app_role}}</c>.</param>
/// <param name="Assemblies">The assemblies whose embedded <c>NNNN_name.sql</c> resources are applied, in the order of their file names.</param>
public sealed record MigrationOptions(string ConnectionString, string AppRole, Assembly[] Assemblies);

/// <summary>Creates the database and the application role if missing and applies each migration once, under an advisory lock.</summary>
public sealed class Migrator(MigrationOptions options, ILogger<Migrator> logger)
{
    private const long LockId = 0x41494743;

    /// <summary>Brings the database up to date. Several processes may call it at once; one does the work.</summary>
    /// <exception cref="InvalidOperationException">An applied migration was edited afterwards.</exception>
    public async Task MigrateAsync(CancellationToken ct)
    {
        await CreateDatabaseAsync(ct);

        await using var connection = new NpgsqlConnection(options.ConnectionString);
        await connection.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await ExecuteAsync(connection, $"select pg_advisory_xact_lock({LockId})", ct);
        await ExecuteAsync(connection, CreateHistory, ct);
        var applied = await AppliedAsync(connection, ct);

        foreach (var (name, sql) in Migrations())
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));
            if (applied.TryGetValue(name, out var known))
            {
                if (known != hash) throw new InvalidOperationException($"Migration {name} was edited after it had been applied; add a new migration instead.");
                continue;
            }

            await ExecuteAsync(connection, sql.Replace("{{app_role}}", options.AppRole, StringComparison.Ordinal), ct);
            await using var record = new NpgsqlCommand("insert into schema_migrations (name, hash) values ($1, $2)", connection);
            record.Parameters.Add(new() { Value = name });
            record.Parameters.Add(new() { Value = hash });
            await record.ExecuteNonQueryAsync(ct);
            logger.LogInformation("Applied migration {Migration}", name);
        }

        await transaction.CommitAsync(ct);
    }

    private async Task CreateDatabaseAsync(CancellationToken ct)
    {
        var target = new NpgsqlConnectionStringBuilder(options.ConnectionString);
        var server = new NpgsqlConnectionStringBuilder(options.ConnectionString) { Database = "postgres", Pooling = false };
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync(ct);

        // Roles and databases belong to the whole server: services that start together take turns.
        await ExecuteAsync(connection, $"select pg_advisory_lock({LockId})", ct);
        if (!await ExistsAsync(connection, "select 1 from pg_roles where rolname = $1", options.AppRole, ct))
            await ExecuteAsync(connection, $"create role \"{options.AppRole}\" nologin", ct);
        await ExecuteAsync(connection, $"grant \"{options.AppRole}\" to current_user", ct);
        if (!await ExistsAsync(connection, "select 1 from pg_database where datname = $1", target.Database!, ct))
            await ExecuteAsync(connection, $"create database \"{target.Database}\"", ct);
    }

    private IEnumerable<(string Name, string Sql)> Migrations() => options.Assemblies
        .SelectMany(assembly => assembly.GetManifestResourceNames()
            .Where(resource => resource.EndsWith(".sql", StringComparison.Ordinal))
            .Select(resource => (Name: resource.Split('.')[^2], Sql: Read(assembly, resource))))
        .OrderBy(migration => migration.Name, StringComparer.Ordinal);

    private static string Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static async Task<Dictionary<string, string>> AppliedAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var applied = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var command = new NpgsqlCommand("select name, hash from schema_migrations", connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) applied.Add(reader.GetString(0), reader.GetString(1));
        return applied;
    }

    private static async Task<bool> ExistsAsync(NpgsqlConnection connection, string sql, string name, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new() { Value = name });
        return await command.ExecuteScalarAsync(ct) is not null;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    private const string CreateHistory = """
        create table if not exists schema_migrations (
            name text primary key,
            hash text not null,
            applied_at timestamptz not null default now()
        )
        """;
}
