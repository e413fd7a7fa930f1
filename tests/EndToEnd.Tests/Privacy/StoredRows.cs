using Npgsql;

namespace Aigc2d.EndToEnd.Tests.Privacy;

/// <summary>Looks for a word in every column of every table of every database.</summary>
internal static class StoredRows
{
    private const int PatienceSeconds = 120;

    /// <summary>The tables with a row that has the word in it, each as <c>database.schema.table</c>.</summary>
    public static async Task<string[]> PlacesOfAsync(Suite suite, Marker marker)
    {
        var places = new List<string>();
        foreach (var database in await NamesAsync(suite.DatabaseOf("postgres"), Databases))
        {
            await using var db = NpgsqlDataSource.Create(suite.DatabaseOf(database));
            foreach (var table in await NamesAsync(suite.DatabaseOf(database), Tables))
            {
                // The names come from the catalogue, quoted by it.
                await using var command = db.CreateCommand($"select exists (select from {table} t where lower(t::text) like any ($1))");
                command.CommandTimeout = PatienceSeconds;
                command.Parameters.Add(new() { Value = marker.Forms.Select(form => $"%{form}%").ToArray() });
                if ((bool)(await command.ExecuteScalarAsync())!) places.Add($"{database}.{table}");
            }
        }

        return [.. places];
    }

    private static async Task<List<string>> NamesAsync(string database, string sql)
    {
        await using var db = NpgsqlDataSource.Create(database);
        await using var command = db.CreateCommand(sql);
        await using var rows = await command.ExecuteReaderAsync();
        var names = new List<string>();
        while (await rows.ReadAsync()) names.Add(rows.GetString(0));
        return names;
    }

    private const string Databases = "select datname from pg_database where datallowconn and not datistemplate order by 1";

    // The statements that were sent last are as good as a table.
    private const string Tables = """
        select quote_ident(n.nspname) || '.' || quote_ident(c.relname)
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') or n.nspname = 'pg_catalog' and c.relname = 'pg_stat_activity'
        order by 1
        """;
}
