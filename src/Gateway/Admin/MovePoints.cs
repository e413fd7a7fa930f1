using System.Net;
using Aigc2d.Contracts;
using Aigc2d.Gateway.Accounts;
using Aigc2d.Gateway.Edges;
using Aigc2d.Gateway.Forwarding;
using Aigc2d.ServiceDefaults.Http;

namespace Aigc2d.Gateway.Admin;

/// <summary><c>POST /admin/accounts/{id}/points</c> and <c>/forfeiture</c>: Billing moves the points, but only Accounts knows whether there is such an account.</summary>
internal sealed class MovePoints(IHttpClientFactory clients, ForwardToOwner forward)
{
    private const string Billing = "billing";

    public async Task HandleAsync(Guid accountId, HttpContext context)
    {
        switch (await StatusOfAsync(accountId, context.RequestAborted))
        {
            case HttpStatusCode.OK:
                await forward.ForwardAsync(context, Billing, new KeyValuePair<string, string>(CallHeaders.Actor, Actor.Of(context)));
                break;
            case HttpStatusCode.NotFound:
                await Problems.NotFound($"There is no account {accountId}.").ExecuteAsync(context);
                break;
            default:
                await EdgeProblems.Unavailable().ExecuteAsync(context);
                break;
        }
    }

    private async Task<HttpStatusCode> StatusOfAsync(Guid accountId, CancellationToken ct)
    {
        try
        {
            using var answer = await clients.CreateClient(AccountView.Owner).GetAsync(new Uri($"/internal/accounts/{accountId}", UriKind.Relative), ct);
            return answer.StatusCode;
        }
        catch (Exception exception) when (!ct.IsCancellationRequested && Outages.Include(exception))
        {
            return HttpStatusCode.ServiceUnavailable;
        }
    }
}
