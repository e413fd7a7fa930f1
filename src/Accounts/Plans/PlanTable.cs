using Aigc2d.Accounts.Changes;
using Aigc2d.Contracts.Accounts;
using Npgsql;

namespace Aigc2d.Accounts.Plans;

/// <summary>Shows and changes plans. What changes, who changed it and the announcement to the gateways commit together.</summary>
internal sealed class PlanTable(NpgsqlDataSource db, ChangeUnit changes)
{
    /// <summary>Every plan, by name.</summary>
    public async Task<List<PlanResponse>> ListAsync(CancellationToken ct)
    {
        await using var command = db.CreateCommand(List);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var plans = new List<PlanResponse>();
        while (await reader.ReadAsync(ct)) plans.Add(PlanResponse.Read(reader));
        return plans;
    }

    /// <summary>A plan; null when there is none of this name.</summary>
    public async Task<PlanResponse?> FindAsync(string name, CancellationToken ct)
    {
        await using var command = db.CreateCommand(Find);
        command.Parameters.Add(new() { Value = name });
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? PlanResponse.Read(reader) : null;
    }

    /// <summary>Makes a plan as strict as wished; nothing happens when it is, or when there is no such plan.</summary>
    public Task ChangeAsync(string name, ChangePlanRequest wish, string actor, CancellationToken ct) => changes.TryCommitAsync(
        new PlanChanged { Plan = name },
        () =>
        [
            new(Change) { Parameters = { new() { Value = name }, new() { Value = wish.Strictness } } },
            new(Remember) { Parameters = { new() { Value = name }, new() { Value = wish.Strictness }, new() { Value = wish.Reason.Trim() }, new() { Value = actor } } },
        ],
        ct);

    /// <summary>How many accounts are on a plan, and how many keys they use.</summary>
    public async Task<(long Accounts, long Keys)> CountAsync(string name, CancellationToken ct)
    {
        await using var command = db.CreateCommand(Count);
        command.Parameters.Add(new() { Value = name });
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    /// <summary>The changes of a plan, oldest first, after a cursor.</summary>
    public async Task<List<PlanChangeResponse>> HistoryAsync(string name, long after, int limit, CancellationToken ct)
    {
        await using var command = db.CreateCommand(History);
        command.Parameters.Add(new() { Value = name });
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var history = new List<PlanChangeResponse>();
        while (await reader.ReadAsync(ct))
        {
            history.Add(new PlanChangeResponse
            {
                Id = reader.GetInt64(0),
                Strictness = reader.GetString(1),
                Reason = reader.GetString(2),
                Actor = reader.GetString(3),
                ChangedAt = reader.GetFieldValue<DateTimeOffset>(4),
            });
        }

        return history;
    }

    private const string Plans = """
        select name, requests_per_minute, tokens_per_minute, concurrent_calls, micropoints_per_day, multiplier_ppm, strictness from plans
        """;

    private const string List = Plans + " order by name";

    private const string Find = Plans + " where name = $1";

    private const string Change = "update plans set strictness = $2 where name = $1 and strictness <> $2";

    private const string Remember = "insert into plan_changes (plan, strictness, reason, actor) values ($1, $2, $3, $4)";

    private const string Count = "select count(*), coalesce(sum(active_keys), 0) from accounts where plan = $1 and deleted_at is null";

    private const string History = """
        select id, strictness, reason, actor, changed_at from plan_changes where plan = $1 and id > $2 order by id limit $3
        """;
}
