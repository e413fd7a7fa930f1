using Aigc2d.Contracts.Billing;
using Aigc2d.ServiceDefaults.Batching;
using Refit;

namespace Aigc2d.Gateway.Admission;

/// <summary>Sends holds to Billing in natural batches, two under way.</summary>
internal sealed class PlaceHolds(IBillingApi billing)
{
    private readonly Batcher<PlaceHold, PlaceHoldResult> _batcher = new(
        async holds => (await billing.PlaceHoldsAsync(new PlaceHoldsRequest { Holds = [.. holds] })).Results,
        new BatcherOptions { MaxItems = 256, InFlight = 2, QueueLimit = 10_000 },
        splitOn: IsFaultOfOne);

    public Task<PlaceHoldResult> SubmitAsync(PlaceHold hold, CancellationToken ct) => _batcher.SubmitAsync(hold, ct);

    private static bool IsFaultOfOne(Exception exception) => exception is ApiException { StatusCode: >= (System.Net.HttpStatusCode)400 and < (System.Net.HttpStatusCode)500 };
}
