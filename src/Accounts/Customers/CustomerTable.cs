using System.Security.Cryptography;
using System.Text;
using Aigc2d.Accounts.Changes;
using Aigc2d.Accounts.Keys;
using Aigc2d.Contracts.Accounts;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.Accounts.Customers;

internal enum CreationOutcome
{
    Created,
    Repeated,
    Conflict,
}

/// <summary>How a creation went. The key is there only when it was made just now.</summary>
internal sealed record Creation(CreationOutcome Outcome, Guid Id = default, Guid KeyId = default, string? Key = null, string? Last4 = null);

/// <summary>Creates and finds accounts.</summary>
internal sealed class CustomerTable(NpgsqlDataSource db, ChangeUnit changes, KeyTable keys, TimeProvider time)
{
    private static readonly CreateKeyRequest FirstKey = new() { Name = "first key", Scopes = ["inference", "account"] };

    public async Task<Creation> CreateAsync(CreateAccountRequest wish, string? actor, string? idempotencyKey, CancellationToken ct)
    {
        var (id, key, now) = (Guid.CreateVersion7(), NewKey.Make(), time.GetUtcNow());
        var mark = idempotencyKey is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes($"{actor}\n{idempotencyKey}"));
        var change = new PrincipalChanged { AccountId = id, KeyId = key.Id };
        var created = await changes.TryCommitAsync(
            change,
            () =>
            [
                .. mark is null ? Array.Empty<NpgsqlBatchCommand>() : [RememberCreation(mark, wish, id, key.Id)],
                InsertAccount(id, wish, actor, now),
                new(InsertStanding) { Parameters = { new() { Value = id }, new() { Value = now } } },
                keys.Insert(id, key, FirstKey, now),
            ],
            ct);

        return created ? new(CreationOutcome.Created, id, key.Id, key.Key, key.Last4) : await RepeatedAsync(mark!, wish, ct);
    }

    /// <summary>An account; null when there is none.</summary>
    public async Task<AccountResponse?> FindAsync(Guid id, CancellationToken ct)
    {
        await using var command = db.CreateCommand(Find);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = time.GetUtcNow() });
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? AccountResponse.Read(reader) : null;
    }

    /// <summary>Accounts whose name, e-mail address or id contains a text, oldest first, after a cursor.</summary>
    public async Task<List<AccountResponse>> ListAsync(string query, Guid after, int limit, CancellationToken ct)
    {
        await using var command = db.CreateCommand(List);
        command.Parameters.Add(new() { Value = query });
        command.Parameters.Add(new() { Value = time.GetUtcNow() });
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var accounts = new List<AccountResponse>();
        while (await reader.ReadAsync(ct)) accounts.Add(AccountResponse.Read(reader));
        return accounts;
    }

    private static NpgsqlBatchCommand RememberCreation(byte[] mark, CreateAccountRequest wish, Guid id, Guid keyId) =>
        new(Remember) { Parameters = { new() { Value = mark }, new() { Value = wish.Fingerprint() }, new() { Value = id }, new() { Value = keyId } } };

    private static NpgsqlBatchCommand InsertAccount(Guid id, CreateAccountRequest wish, string? actor, DateTimeOffset now) => new(Insert)
    {
        Parameters =
        {
            new() { Value = id },
            new() { Value = wish.Name },
            new() { Value = (object?)actor ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            new() { Value = now },
        },
    };

    private async Task<Creation> RepeatedAsync(byte[] mark, CreateAccountRequest wish, CancellationToken ct)
    {
        await using var command = db.CreateCommand(Recall);
        command.Parameters.Add(new() { Value = mark });
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return reader.GetFieldValue<byte[]>(0).AsSpan().SequenceEqual(wish.Fingerprint())
            ? new(CreationOutcome.Repeated, reader.GetGuid(1), reader.GetGuid(2), Last4: reader.GetString(3))
            : new(CreationOutcome.Conflict);
    }

    private const string Remember = """
        insert into account_creations (idempotency_hash, body_hash, account_id, key_id) values ($1, $2, $3, $4)
        on conflict (idempotency_hash) do nothing
        """;

    private const string Recall = """
        select c.body_hash, c.account_id, c.key_id, k.last4 from account_creations c join keys k on k.id = c.key_id where c.idempotency_hash = $1
        """;

    private const string Insert = """
        insert into accounts (id, name, plan, active_keys, created_by, created_at) values ($1, $2, 'standard', 1, $3, $4)
        """;

    private const string InsertStanding = "insert into standings (account_id, state, changed_at) values ($1, 'active', $2)";

    private const string Columns = """
        select a.id, a.email, a.name, a.plan, s.state, s.until, s.reason, s.until <= $2
        from accounts a join standings s on s.account_id = a.id
        where a.deleted_at is null
        """;

    private const string Find = Columns + " and a.id = $1";

    private const string List = Columns + """
         and ($1 = '' or position(lower($1) in lower(a.name)) > 0 or position(lower($1) in lower(a.email)) > 0 or a.id::text = lower($1))
        and a.id > $3 order by a.id limit $4
        """;
}
