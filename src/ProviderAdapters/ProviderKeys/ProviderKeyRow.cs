using Aigc2d.ProviderAdapters.Channels;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.ProviderAdapters.ProviderKeys;

/// <summary>The columns of a key as its owner sees it, and the statement that goes with each change of one.</summary>
internal static class ProviderKeyRow
{
    public const string Columns = "id, provider, name, base_url, models, state, credential_last4, created_at";

    private const string Notify = $"select pg_notify('{ProviderKeyDirectory.Changed}', $1::text)";

    public static ProviderKeyResponse Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        Provider = row.GetString(1),
        Name = row.GetString(2),
        BaseUrl = row.IsDBNull(3) ? null : row.GetString(3),
        Models = row.IsDBNull(4) ? null : row.GetFieldValue<string[]>(4),
        State = row.GetString(5),
        CredentialLast4 = row.GetString(6),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(7),
    };

    public static NpgsqlParameter Uuid(Guid value) => ChannelRow.Value(value, NpgsqlDbType.Uuid);

    public static NpgsqlParameter Text(string? value) => ChannelRow.Value(value, NpgsqlDbType.Text);

    public static NpgsqlParameter Texts(string[]? value) => ChannelRow.Value(value, NpgsqlDbType.Array | NpgsqlDbType.Text);

    /// <summary>Runs a change of one of the account's keys in one transaction with the word to the other replicas; answers the changed key.</summary>
    public static async Task<ProviderKeyResponse?> ChangeAsync(NpgsqlBatch batch, NpgsqlBatchCommand change, Guid accountId, CancellationToken ct)
    {
        batch.BatchCommands.Add(change);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Notify) { Parameters = { Uuid(accountId) } });
        await using var reader = await batch.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? Read(reader) : null;
    }
}
