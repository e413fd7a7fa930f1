using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.Billing.Ledger;

/// <summary>The ledger accounts of customers, which begin with the first thing that is posted to them.</summary>
internal static class CustomerAccounts
{
    public static async Task OpenAsync(NpgsqlDataSource db, IEnumerable<Guid> accountIds, CancellationToken ct)
    {
        await using var command = db.CreateCommand(Open);
        command.Parameters.Add(accountIds.Distinct().Order().ToParameter(NpgsqlDbType.Uuid));
        await command.ExecuteNonQueryAsync(ct);
    }

    private const string Open = "insert into ledger_accounts (id, kind) select id, 'customer' from unnest($1) as n(id) on conflict (id) do nothing";
}
