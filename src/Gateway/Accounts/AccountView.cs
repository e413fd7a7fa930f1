using System.Net;
using System.Text.Json.Nodes;
using Aigc2d.Contracts.Billing;
using Aigc2d.Gateway.Edges;
using Aigc2d.ServiceDefaults.Http;

namespace Aigc2d.Gateway.Accounts;

/// <summary>An account as its owner and operators see it: who it is from Accounts, what it owns from Billing.</summary>
internal sealed class AccountView(IHttpClientFactory clients, IBillingApi billing)
{
    public const string Owner = "accounts";

    public async Task<IResult> ShowAsync(Guid accountId, CancellationToken ct)
    {
        try
        {
            var owned = billing.GetPointsAsync(accountId, ct);
            using var answer = await clients.CreateClient(Owner).GetAsync(new Uri($"/internal/accounts/{accountId}", UriKind.Relative), ct);
            if (answer.StatusCode == HttpStatusCode.NotFound) return Problems.NotFound($"There is no account {accountId}.");

            answer.EnsureSuccessStatusCode();
            var account = JsonNode.Parse(await answer.Content.ReadAsByteArrayAsync(ct))!.AsObject();
            var points = await owned;
            account["balanceMicropoints"] = points.BalanceMicropoints;
            account["heldMicropoints"] = points.HeldMicropoints;
            account["availableMicropoints"] = points.AvailableMicropoints;
            account["sealedMicropoints"] = points.SealedMicropoints;
            return TypedResults.Text(account.ToJsonString(), "application/json");
        }
        catch (Exception exception) when (!ct.IsCancellationRequested && Outages.Include(exception))
        {
            return EdgeProblems.Unavailable();
        }
    }
}
