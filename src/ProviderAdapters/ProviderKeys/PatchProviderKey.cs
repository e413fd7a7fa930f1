using System.Text.Json;
using Aigc2d.Contracts;
using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.ProviderAdapters.ProviderKeys;

/// <summary>Changes what is given of one of the caller's keys: name, credential, models, or whether it is used at all.</summary>
internal static class PatchProviderKey
{
    public static void MapPatchProviderKey(this IEndpointRouteBuilder routes) => routes.MapPatch("/{id:guid}", Handle);

    private static async Task<Results<Ok<ProviderKeyResponse>, ProblemHttpResult>> Handle(
        Guid id,
        [FromHeader(Name = CallHeaders.AccountId)] Guid accountId,
        PatchProviderKeyRequest body,
        NpgsqlDataSource db,
        CredentialSeal seal,
        ServedModels served,
        ProviderKeyDirectory directory,
        CancellationToken ct)
    {
        var fields = new ChannelFields();
        if (body.Name is { } name) fields.Name(name);
        if (body.Credential is { } credential) fields.Credential(credential);
        if (body.State is { } state) fields.State(state);
        if (!TryReadModels(body.Models, out var models)) fields.Errors["models"] = ["must be a list of model names, or null for those that are listed for the provider."];
        if (fields.Errors.Count > 0) return Problems.Invalid(fields.Errors);
        if (models is not null && await served.FaultOfAsync(models, ct) is { } fault) return fault;

        var update = new NpgsqlBatchCommand(Update)
        {
            Parameters =
            {
                ProviderKeyRow.Uuid(id),
                ProviderKeyRow.Uuid(accountId),
                ProviderKeyRow.Text(body.Name),
                ChannelRow.Value(body.Credential is null ? null : seal.Seal(id, body.Credential), NpgsqlDbType.Bytea),
                ProviderKeyRow.Text(body.Credential is null ? null : ChannelRow.Last4(body.Credential)),
                ChannelRow.Value(body.Models.ValueKind != JsonValueKind.Undefined, NpgsqlDbType.Boolean),
                ProviderKeyRow.Texts(models),
                ProviderKeyRow.Text(body.State),
            },
        };
        await using var batch = db.CreateBatch();
        if (await ProviderKeyRow.ChangeAsync(batch, update, accountId, ct) is not { } key) return Problems.NotFound($"There is no provider key {id}.");

        await directory.ReloadAsync([accountId], ct);
        return TypedResults.Ok(key);
    }

    private static bool TryReadModels(JsonElement given, out string[]? models)
    {
        models = null;
        if (given.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return true;
        if (given.ValueKind != JsonValueKind.Array || given.EnumerateArray().Any(model => model.ValueKind != JsonValueKind.String)) return false;
        try
        {
            models = [.. given.EnumerateArray().Select(model => model.GetString()!)];
            return true;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair is no text.
            return false;
        }
    }

    private const string Update = $"""
        update provider_keys set
            name = coalesce($3, name),
            credential = coalesce($4, credential),
            credential_last4 = coalesce($5, credential_last4),
            models = case when $6 then $7 else models end,
            state = coalesce($8, state)
        where id = $1 and account_id = $2
        returning {ProviderKeyRow.Columns}
        """;
}
