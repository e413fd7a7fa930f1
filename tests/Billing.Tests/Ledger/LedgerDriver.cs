using System.Net;
using Aigc2d.Contracts.Billing;
using static Aigc2d.Billing.Tests.BillingFixture;

namespace Aigc2d.Billing.Tests.Ledger;

/// <summary>Two accounts and a few requests on a ledger, and the operations done to them for real.</summary>
internal sealed class LedgerDriver
{
    public const string CappedModel = "capped";
    public const long DayCap = 5 * Point / 2;

    private readonly BillingFixture _billing;
    private readonly Guid[] _requests = [.. Enumerable.Range(0, LedgerOperation.Requests).Select(_ => Guid.CreateVersion7())];

    private LedgerDriver(BillingFixture billing, Guid[] accounts)
    {
        _billing = billing;
        Accounts = accounts;
    }

    public Guid[] Accounts { get; }

    public static Task PutPricesAsync(BillingFixture billing) =>
        billing.PutPriceAsync(CappedModel, 6 * Point, 8 * Point, maxOutput: LedgerModel.MostOutput, hold: LedgerModel.CappedOutput);

    public static async Task<LedgerDriver> NewAsync(BillingFixture billing, long[] openingBalances) =>
        new(billing, await Task.WhenAll(openingBalances.Select(billing.CustomerAsync)));

    public Guid RequestOf(LedgerOperation operation) => _requests[operation.Request];

    public Task<(long Balance, long Held)[]> StandAsync() => Task.WhenAll(Accounts.Select(_billing.StandAsync));

    /// <summary>What the operation answers, or null when it answers nothing.</summary>
    public async Task<string?> ApplyAsync(LedgerOperation operation)
    {
        var hold = HoldOf(operation);
        switch (operation.Kind)
        {
            case "place":
                return (await _billing.PlaceAsync(hold)).ToString();
            case "settle":
                await _billing.Settlement.SubmitAsync(Usage(hold, LedgerModel.Input, operation.Output, operation.Cause) with { Estimated = operation.IsEstimated, OwnKey = operation.IsOwnKey });
                return null;
            case "release":
                await _billing.Release.SubmitAsync(new() { RequestId = hold.RequestId, AccountId = hold.AccountId, Reason = "test" }, CancellationToken.None);
                return null;
            case "adjust":
                return (await AdjustAsync(hold.AccountId, operation.Micropoints)).ToString();
            default:
                await LetExpireAsync(hold.RequestId);
                return null;
        }
    }

    private PlaceHold HoldOf(LedgerOperation operation)
    {
        var account = Accounts[operation.Account];
        var hold = operation.IsCapped ? Hold(account, LedgerModel.Input, null, CappedModel) : Hold(account, LedgerModel.Input, LedgerModel.AskedOutput);
        return hold with { RequestId = RequestOf(operation), AccountMicropointsPerDay = DayCap };
    }

    private async Task<HttpStatusCode> AdjustAsync(Guid account, long micropoints)
    {
        using var request = Admin(HttpMethod.Post, $"/admin/accounts/{account}/points", new { micropoints, reason = "property" });
        using var answer = await _billing.Client.SendAsync(request);
        return answer.StatusCode;
    }

    private async Task LetExpireAsync(Guid requestId)
    {
        await using var command = _billing.Owner.CreateCommand("update holds set expires_at = ledger_now() - interval '1 second' where request_id = $1 and state = 'open'");
        command.Parameters.Add(new() { Value = requestId });
        await command.ExecuteNonQueryAsync();
        await _billing.Sweeper.SweepAsync(CancellationToken.None);
    }
}
