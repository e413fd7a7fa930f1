using Aigc2d.Contracts;
using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.ProviderAdapters.ProviderKeys;

/// <summary>Stores a customer's own key at a provider. The credential is sealed and never shown again; the account's calls go over it when the answer goes out.</summary>
internal sealed class CreateProviderKey(
    NpgsqlDataSource db, CredentialSeal seal, ProviderAddresses addresses, ServedModels served, ProviderKeyDirectory directory, IOptions<ProviderKeyOptions> options) : IDisposable
{
    // Many at once wait here and not for the database's lock, whose patience is short.
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost(
        "",
        static (CreateProviderKeyRequest body, [FromHeader(Name = CallHeaders.AccountId)] Guid accountId, CreateProviderKey create, CancellationToken ct) => create.HandleAsync(body, accountId, ct));

    public void Dispose() => _oneAtATime.Dispose();

    private async Task<Results<Created<ProviderKeyResponse>, ProblemHttpResult>> HandleAsync(CreateProviderKeyRequest body, Guid accountId, CancellationToken ct)
    {
        var fields = new ChannelFields().Name(body.Name).Credential(body.Credential).FitsProvider(body.Provider, body.BaseUrl, body.Credential);
        if (!addresses.Providers.Contains(body.Provider)) fields.Errors["provider"] = [$"must be one of: {string.Join(", ", addresses.Providers)}."];
        else if (addresses.Of(body.Provider, body.BaseUrl) is null)
            fields.Errors["baseUrl"] = ["is not an address that this deployment sends keys to. Leave it out for the provider's official address."];
        if (fields.Errors.Count > 0) return Problems.Invalid(fields.Errors);
        if (body.Models is not null && await served.FaultOfAsync(body.Models, ct) is { } fault) return fault;

        if (await InsertInTurnAsync(body, accountId, ct) is not { } key)
            return Problems.Conflict("too-many-provider-keys", $"The account has {options.Value.MaxPerAccount} provider keys already. Delete one that is no longer used.");

        await directory.ReloadAsync([accountId], ct);
        return TypedResults.Created($"/api/provider-keys/{key.Id}", key);
    }

    private async Task<ProviderKeyResponse?> InsertInTurnAsync(CreateProviderKeyRequest body, Guid accountId, CancellationToken ct)
    {
        await _oneAtATime.WaitAsync(ct);
        try
        {
            return await InsertAsync(body, accountId, ct);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async Task<ProviderKeyResponse?> InsertAsync(CreateProviderKeyRequest body, Guid accountId, CancellationToken ct)
    {
        var id = Guid.CreateVersion7();
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // Keys that come at once over several replicas are counted one after the other.
        await using (var first = new NpgsqlCommand("select pg_advisory_xact_lock(hashtextextended('provider-keys ' || $1::text, 0))", connection, transaction))
        {
            first.Parameters.Add(ProviderKeyRow.Uuid(accountId));
            await first.ExecuteNonQueryAsync(ct);
        }

        var insert = new NpgsqlBatchCommand(Insert)
        {
            Parameters =
            {
                ProviderKeyRow.Uuid(id),
                ProviderKeyRow.Uuid(accountId),
                ProviderKeyRow.Text(body.Provider),
                ProviderKeyRow.Text(body.Name),
                ProviderKeyRow.Text(body.BaseUrl is null ? null : ChannelRow.WithoutSlash(body.BaseUrl)),
                ChannelRow.Value(seal.Seal(id, body.Credential), NpgsqlDbType.Bytea),
                ProviderKeyRow.Text(ChannelRow.Last4(body.Credential)),
                ProviderKeyRow.Texts(body.Models),
                ChannelRow.Value(options.Value.MaxPerAccount, NpgsqlDbType.Integer),
            },
        };
        await using var batch = connection.CreateBatch();
        var key = await ProviderKeyRow.ChangeAsync(batch, insert, accountId, ct);
        await transaction.CommitAsync(ct);
        return key;
    }

    private const string Insert = $"""
        insert into provider_keys (id, account_id, provider, name, base_url, credential, credential_last4, models, state)
        select $1, $2, $3, $4, $5, $6, $7, $8, 'active' where (select count(*) from provider_keys where account_id = $2) < $9
        returning {ProviderKeyRow.Columns}
        """;
}
