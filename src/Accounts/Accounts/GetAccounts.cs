using Aigc2d.ServiceDefaults.Http;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.Accounts.Accounts;

/// <summary>Shows who customers are: one account, or a search by id, name or e-mail in pages.</summary>
internal static class GetAccounts
{
    private const int MaxLimit = 200;

    public static void MapGetAccounts(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/internal/accounts/{id:guid}", HandleOne);
        routes.MapGet("/admin/accounts", HandleSearch);
    }

    private static async Task<IResult> HandleOne(Guid id, NpgsqlDataSource db, CancellationToken ct)
    {
        await using var command = db.CreateCommand($"{Select} where a.id = $1");
        command.Parameters.Add(new() { Value = id });
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? TypedResults.Ok(ViewOf(reader)) : Problems.NotFound($"There is no account {id}.");
    }

    private static async Task<IResult> HandleSearch(NpgsqlDataSource db, CancellationToken ct, string? query = null, int limit = 50, Guid? after = null)
    {
        if (limit is < 1 or > MaxLimit) return Problems.Invalid("limit", $"must be between 1 and {MaxLimit}.");
        if (query is { Length: > 200 } || query?.Contains('\0', StringComparison.Ordinal) == true) return Problems.Invalid("query", "must have at most 200 characters.");

        var accounts = new List<AccountView>();
        await using var command = db.CreateCommand($"{Select} {Search}");
        command.Parameters.Add(new() { Value = (object?)query ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = after ?? Guid.Empty });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) accounts.Add(ViewOf(reader));
        return TypedResults.Ok(new { items = accounts, next = accounts.Count == limit ? accounts[^1].Id.ToString() : null });
    }

    private static AccountView ViewOf(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        Name = row.GetString(1),
        Email = row.IsDBNull(2) ? null : row.GetString(2),
        Plan = row.GetString(3),
        Standing = new()
        {
            State = row.GetString(4),
            Until = row.IsDBNull(5) ? null : row.GetFieldValue<DateTimeOffset>(5),
            Reason = row.IsDBNull(6) ? null : row.GetString(6),
        },
    };

    private const string Select = """
        select a.id, a.name, a.email, a.plan,
            case when a.standing_until <= now() then 'active' else a.standing end,
            case when a.standing_until <= now() then null else a.standing_until end,
            case when a.standing_until <= now() then null else a.standing_reason end
        from accounts a
        """;

    private const string Search = """
        where a.id > $2 and ($1 is null or a.id::text = lower($1) or strpos(lower(a.name), lower($1)) > 0 or strpos(lower(a.email), lower($1)) > 0)
        order by a.id limit $3
        """;
}

/// <summary>An account without what it owns.</summary>
internal sealed record AccountView
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required string? Email { get; init; }

    public required Contracts.Accounts.Standing Standing { get; init; }

    public required string Plan { get; init; }
}
