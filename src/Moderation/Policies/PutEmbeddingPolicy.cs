using Aigc2d.Contracts;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.Moderation.Policies;

/// <summary>Adds a dated row that says whether the input of embeddings is screened, under a new version of all policies.</summary>
internal static class PutEmbeddingPolicy
{
    public static void MapPutEmbeddingPolicy(this IEndpointRouteBuilder routes) => routes.MapPut("/admin/policies/embeddings", Handle);

    private static async Task<IResult> Handle(
        EmbeddingPolicyRow row, [FromHeader(Name = CallHeaders.Actor)] string actor, NpgsqlDataSource db, PolicyList policies, TimeProvider time, CancellationToken ct)
    {
        var faults = PolicyFaults.OfAny(row.EffectiveFrom, row.Reason, time.GetUtcNow()).ToLookup(fault => fault.Field, fault => fault.Message);
        if (faults.Count > 0) return Problems.Invalid(faults.ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal));

        await using var command = db.CreateCommand(Insert);
        command.Parameters.Add(new() { Value = actor });
        command.Parameters.Add(new() { Value = (object?)row.EffectiveFrom?.UtcDateTime ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new() { Value = row.Screened });
        command.Parameters.Add(new() { Value = row.Reason.Trim() });
        var version = (long)(await command.ExecuteScalarAsync(ct))!;
        await policies.RefreshAsync(ct);
        return TypedResults.Ok(new { policyVersion = version });
    }

    private const string Insert = PutPolicies.NewVersion + """
        , inserted as (
            insert into embedding_policies (version, effective_from, screened, reason) select version, greatest($2, added_at), $3, $4 from version
        )
        select version from version
        """;
}
