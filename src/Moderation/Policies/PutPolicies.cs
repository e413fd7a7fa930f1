using Aigc2d.Contracts;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.Moderation.Policies;

/// <summary>Adds dated policy rows under one new version, all of them or none. Rows are never changed or removed: verdicts name the version they went by.</summary>
internal static class PutPolicies
{
    private const int MostRows = 100;

    public static void MapPutPolicies(this IEndpointRouteBuilder routes) => routes.MapPut("/admin/policies", Handle);

    private static async Task<IResult> Handle(
        PolicyRow[] rows, [FromHeader(Name = CallHeaders.Actor)] string actor, NpgsqlDataSource db, PolicyList policies, TimeProvider time, CancellationToken ct)
    {
        if (FaultOf(rows, time.GetUtcNow()) is { } fault) return fault;

        var version = await InsertAsync(rows, actor, db, ct);
        await policies.RefreshAsync(ct);
        return TypedResults.Ok(new { policyVersion = version });
    }

    /// <summary>What is wrong with rows that are to be added or tried; null when nothing is.</summary>
    public static ProblemHttpResult? FaultOf(PolicyRow[] rows, DateTimeOffset now)
    {
        if (rows.Length is 0 or > MostRows || Array.Exists(rows, row => row is null)) return Problems.Invalid("body", $"must be a list of 1 to {MostRows} policy rows.");

        var faults = rows.SelectMany((row, index) => PolicyFaults.Of(row, now).Select(fault => (Field: $"[{index}].{fault.Field}", fault.Message))).ToLookup(fault => fault.Field, fault => fault.Message);
        if (faults.Count > 0) return Problems.Invalid(faults.ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal));

        var twice = rows.GroupBy(row => (row.Category, row.Stage)).FirstOrDefault(group => group.Count() > 1);
        return twice is null ? null : Problems.Invalid("category", $"{twice.Key.Category} appears more than once for the stage {twice.Key.Stage}; send one row per category, stage and request.");
    }

    private static async Task<long> InsertAsync(PolicyRow[] rows, string actor, NpgsqlDataSource db, CancellationToken ct)
    {
        await using var command = db.CreateCommand(Insert);
        void Add<T>(NpgsqlDbType type, Func<PolicyRow, T> column) =>
            command.Parameters.Add(new() { Value = rows.Select(column).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type });

        command.Parameters.Add(new() { Value = actor });
        Add(NpgsqlDbType.Text, row => row.Category);
        Add(NpgsqlDbType.Text, row => row.Stage);
        Add(NpgsqlDbType.TimestampTz, row => row.EffectiveFrom?.UtcDateTime);
        Add(NpgsqlDbType.Numeric, row => row.BlockAt);
        Add(NpgsqlDbType.Numeric, row => row.ReviewAt);
        Add(NpgsqlDbType.Text, row => row.OnRuleHit);
        Add(NpgsqlDbType.Boolean, row => row.EffectiveStrike);
        Add(NpgsqlDbType.Text, row => row.Reason.Trim());
        Add(NpgsqlDbType.Text, row => row.Action);
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    // One at a time: versions commit in their order, so that whoever has seen one has seen all before it.
    internal const string NewVersion = """
        with patience as (select set_config('lock_timeout', '1500ms', true)),
        turn as (select pg_advisory_xact_lock(7031) from patience),
        version as (insert into policy_versions (actor) select $1 from turn returning version, added_at)
        """;

    // No row begins before it was added, however the clocks differ: what was decided until then stays explained by the rows of then.
    internal const string Insert = NewVersion + """
        , inserted as (
            insert into policies (version, category, stage, effective_from, block_at, review_at, on_rule_hit, strike, reason, action)
            select v.version, r.category, r.stage, greatest(r.effective_from, v.added_at), r.block_at, r.review_at, r.on_rule_hit, r.strike, r.reason, r.action
            from version v, unnest($2, $3, $4, $5, $6, $7, $8, $9, $10) as r(category, stage, effective_from, block_at, review_at, on_rule_hit, strike, reason, action)
        )
        select version from version
        """;
}
