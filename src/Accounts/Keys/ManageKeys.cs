using Aigc2d.Accounts.Changes;
using Aigc2d.Contracts;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace Aigc2d.Accounts.Keys;

/// <summary>A customer's own keys. The edge has authenticated the caller and names the account; another account's key is not found.</summary>
internal static class ManageKeys
{
    private const int MaxKeys = 1000;

    public static void MapManageKeys(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/keys", HandleList);
        routes.MapPost("/api/keys", HandleCreate);
        routes.MapDelete("/api/keys/{id:guid}", HandleRevoke);
    }

    private static async Task<IResult> HandleList([FromHeader(Name = CallHeaders.AccountId)] Guid accountId, NpgsqlDataSource db, CancellationToken ct)
    {
        var keys = new List<KeyView>();
        await using var command = db.CreateCommand(List);
        command.Parameters.Add(new() { Value = accountId });
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) keys.Add(ViewOf(reader));
        return TypedResults.Ok(new { items = keys, next = (string?)null });
    }

    private static async Task<IResult> HandleCreate(
        CreateKeyRequest body, [FromHeader(Name = CallHeaders.AccountId)] Guid accountId, ApiKey keys, AnnouncedChange change, NpgsqlDataSource db, TimeProvider time, CancellationToken ct)
    {
        if (body.Faults(time.GetUtcNow()) is { Count: > 0 } faults) return Problems.Invalid(faults);
        if (await CountAsync(accountId, db, ct) >= MaxKeys) return Problems.Conflict("too-many-keys", $"An account has at most {MaxKeys} keys; delete one that is no longer used.");

        CreatedKey? created = null;
        await change.WriteAsync(accountId, keyId: null, batch => created = KeyRows.Insert(batch, accountId, body, keys), ct);
        return TypedResults.Created($"/api/keys/{created!.Id}", created);
    }

    private static async Task<IResult> HandleRevoke(Guid id, [FromHeader(Name = CallHeaders.AccountId)] Guid accountId, AnnouncedChange change, NpgsqlDataSource db, CancellationToken ct)
    {
        await using (var find = db.CreateCommand("select 1 from api_keys where id = $1 and account_id = $2 and revoked_at is null"))
        {
            find.Parameters.Add(new() { Value = id });
            find.Parameters.Add(new() { Value = accountId });
            if (await find.ExecuteScalarAsync(ct) is null) return Problems.NotFound("There is no such key.");
        }

        await change.WriteAsync(
            accountId,
            id,
            batch => batch.BatchCommands.Add(new("update api_keys set revoked_at = now() where id = $1 and account_id = $2 and revoked_at is null")
            {
                Parameters = { new() { Value = id }, new() { Value = accountId } },
            }),
            ct);
        return TypedResults.NoContent();
    }

    private static async Task<long> CountAsync(Guid accountId, NpgsqlDataSource db, CancellationToken ct)
    {
        await using var command = db.CreateCommand("select count(*) from api_keys where account_id = $1 and revoked_at is null");
        command.Parameters.Add(new() { Value = accountId });
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    private static KeyView ViewOf(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        Name = row.GetString(1),
        Last4 = row.GetString(2),
        Scopes = row.GetFieldValue<string[]>(3),
        Models = row.IsDBNull(4) ? null : row.GetFieldValue<string[]>(4),
        IpRanges = row.IsDBNull(5) ? null : row.GetFieldValue<string[]>(5),
        ExpiresAt = row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6),
        MicropointsPerDay = row.IsDBNull(7) ? null : row.GetInt64(7),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(8),
    };

    private const string List = """
        select id, name, last4, scopes, models, ip_ranges, expires_at, micropoints_per_day, created_at
        from api_keys where account_id = $1 and revoked_at is null order by created_at, id
        """;
}
