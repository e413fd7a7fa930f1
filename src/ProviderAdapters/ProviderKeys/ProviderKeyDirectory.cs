using System.Collections.Concurrent;
using System.Security.Cryptography;
using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ProviderAdapters.Health;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.ProviderAdapters.ProviderKeys;

/// <summary>The active keys of all accounts, as this process routes by them.</summary>
internal sealed class ProviderKeyDirectory(
    NpgsqlDataSource db, CredentialSeal seal, ProviderAddresses addresses, ChannelDirectory platform, ChannelHealths healths,
    ILogger<ProviderKeyDirectory> logger) : IDisposable
{
    /// <summary>The notification that every change sends within its transaction; its payload is the account.</summary>
    public const string Changed = "provider_keys_changed";

    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private volatile ConcurrentDictionary<Guid, ProviderKey[]> _accounts = new();

    /// <summary>
    /// The account's own ways to a model, those out of use too: where there is one, the platform's channels are not asked, because the customer chose whose
    /// key pays. Empty for an account that has none.
    /// </summary>
    public IReadOnlyList<Candidate> CandidatesFor(Guid accountId, string model)
    {
        if (!_accounts.TryGetValue(accountId, out var keys)) return [];

        var routes = platform.Routes;
        return [.. keys.Where(key => key.Serves(model, routes)).Select(key => new Candidate(key.Channel, new ChannelModel(model, model)))];
    }

    /// <summary>Reads all keys again. What was committed before the call is in force when it returns.</summary>
    public Task ReloadAsync(CancellationToken ct) => ReloadAsync(null, ct);

    /// <summary>Reads the keys of some accounts again, or of all.</summary>
    public async Task ReloadAsync(Guid[]? accountIds, CancellationToken ct)
    {
        await _oneAtATime.WaitAsync(ct);
        try
        {
            var read = await ReadAsync(accountIds, ct);
            healths.FollowOwn(read.SelectMany(keys => keys).ToDictionary(key => key.Channel.Id, key => key.Channel), accountIds);
            if (accountIds is null)
            {
                _accounts = new(read.Select(keys => KeyValuePair.Create(keys.Key, keys.ToArray())));
                return;
            }

            foreach (var accountId in accountIds)
            {
                if (read.Contains(accountId)) _accounts[accountId] = [.. read[accountId]];
                else _accounts.TryRemove(accountId, out _);
            }
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>One key of an account, a disabled one too; null when the account has no such key.</summary>
    public async Task<ProviderKey?> FindAsync(Guid accountId, Guid id, CancellationToken ct)
    {
        await using var command = db.CreateCommand($"{Select} where id = $1 and account_id = $2");
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = accountId });
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? Read(reader) : null;
    }

    public void Dispose() => _oneAtATime.Dispose();

    private async Task<ILookup<Guid, ProviderKey>> ReadAsync(Guid[]? accountIds, CancellationToken ct)
    {
        var keys = new List<ProviderKey>();
        await using var command = db.CreateCommand($"{Select} where state = 'active' and ($1 is null or account_id = any($1)) order by id");
        command.Parameters.Add(ChannelRow.Value(accountIds, NpgsqlDbType.Array | NpgsqlDbType.Uuid));
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) keys.Add(Read(reader));
        return keys.ToLookup(key => key.Channel.AccountId!.Value);
    }

    private ProviderKey Read(NpgsqlDataReader row)
    {
        var (id, provider) = (row.GetGuid(0), row.GetString(2));
        var address = addresses.Of(provider, row.IsDBNull(4) ? null : row.GetString(4));
        var credential = Open(id, row.GetFieldValue<byte[]>(5));
        if (address is null) logger.LogError("Provider key {Id} is not used, its address is not allowed here any more", id);
        var channel = new Channel
        {
            Id = id,
            AccountId = row.GetGuid(1),
            Provider = provider,
            Name = row.GetString(3),
            BaseUrl = address ?? new Uri("https://invalid.invalid"),
            Credential = credential ?? "",
            Models = [],
            Priority = 0,
            Weight = 1,
            IsActive = address is not null && credential is not null && addresses.Providers.Contains(provider),
        };
        return new ProviderKey(channel, row.IsDBNull(6) ? null : row.GetFieldValue<string[]>(6));
    }

    /// <summary>Null when the credential cannot be read: calls over that key fail and say so.</summary>
    private string? Open(Guid id, byte[] sealedCredential)
    {
        try
        {
            return seal.Open(id, sealedCredential);
        }
        catch (CryptographicException exception)
        {
            logger.LogError("Provider key {Id} is not used, its credential cannot be opened: {Reason}", id, exception.Message);
            return null;
        }
    }

    private const string Select = "select id, account_id, provider, name, base_url, credential, models from provider_keys";
}
