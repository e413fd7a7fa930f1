using Aigc2d.Billing.Ledger;
using Aigc2d.Contracts.Billing;
using Aigc2d.ServiceDefaults.Batching;
using Aigc2d.ServiceDefaults.Http;
using Aigc2d.ServiceDefaults.Postgres;
using Npgsql;

namespace Aigc2d.Billing.Holds;

/// <summary>Gives back what was frozen for calls that never ran. A release that comes before its hold leaves a tombstone, so that the hold is refused.</summary>
internal static class ReleaseHolds
{
    public static void MapReleaseHolds(this IEndpointRouteBuilder routes) => routes.MapPost("/internal/holds/release", Handle);

    private static async Task<IResult> Handle(ReleaseHoldsRequest body, HoldRelease release, CancellationToken ct)
    {
        if (body.Holds.Length is 0 or > 1000) return Problems.Invalid("holds", "must have 1 to 1,000 items.");
        if (Array.Find(body.Holds, hold => hold.Reason.Length is 0 or > 100) is not null) return Problems.Invalid("reason", "must have 1 to 100 characters.");

        await Task.WhenAll(body.Holds.Select(hold => release.SubmitAsync(hold, ct)));
        return TypedResults.NoContent();
    }
}

/// <summary>Releases holds in batches; safe to repeat.</summary>
internal sealed class HoldRelease
{
    private readonly NpgsqlDataSource _db;
    private readonly Batcher<ReleaseHold, bool> _batcher;

    public HoldRelease(NpgsqlDataSource db)
    {
        _db = db;
        _batcher = new(ReleaseAsync, new BatcherOptions { InFlight = 1 }, splitOn: PostgresErrors.IsWorthSplitting);
    }

    /// <summary>True when this call released an open hold.</summary>
    public Task<bool> SubmitAsync(ReleaseHold release, CancellationToken ct) => _batcher.SubmitAsync(release, ct);

    public async Task<IReadOnlyList<bool>> ReleaseAsync(IReadOnlyList<ReleaseHold> releases)
    {
        var holds = new Dictionary<Guid, HoldRow>();
        await using var unit = await LedgerUnit.BeginAsync(
            _db, releases.Select(release => release.AccountId), CancellationToken.None, ClosedHolds.Read(releases.Select(release => release.RequestId), holds));

        var closed = new ClosedHolds(unit);
        var tombstones = new Dictionary<Guid, ReleaseHold>();
        var results = new bool[releases.Count];
        for (var i = 0; i < releases.Count; i++)
        {
            var release = releases[i];
            if (!holds.TryGetValue(release.RequestId, out var hold)) tombstones.TryAdd(release.RequestId, release);
            else if (hold.IsOpen && hold.AccountId == release.AccountId) results[i] = closed.Close(hold, "released", release.Reason, 0);
        }

        if (closed.Count > 0 || tombstones.Count > 0)
        {
            await unit.CommitAsync(batch =>
            {
                closed.Add(batch);
                Tombstones.Add(batch, [.. tombstones.Values.Select(release => (release.RequestId, release.AccountId, release.Reason))]);
            });
        }

        return results;
    }
}
