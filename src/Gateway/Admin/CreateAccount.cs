using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Aigc2d.Contracts;
using Aigc2d.Gateway.Accounts;
using Aigc2d.Gateway.Edges;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aigc2d.Gateway.Admin;

/// <summary>An account an operator makes, with its opening balance.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record CreateAccountRequest
{
    public required string Name { get; init; }

    /// <summary>The opening balance, micropoints, ≥ 0.</summary>
    public long Micropoints { get; init; }
}

/// <summary><c>POST /admin/accounts</c>: Accounts makes the account and its key, Billing posts the opening balance.</summary>
internal sealed class CreateAccount(IHttpClientFactory clients)
{
    private const long MostMicropoints = 9_007_199_254_740_991;
    private const int Tries = 3;
    private const string IdempotencyHeader = "Idempotency-Key";
    private const string Billing = "billing";

    public async Task<IResult> HandleAsync(HttpContext context, CreateAccountRequest body)
    {
        if (body.Micropoints is < 0 or > MostMicropoints) return Problems.Invalid("micropoints", $"must be an integer from 0 to {MostMicropoints}.");

        var repeats = context.Request.Headers[IdempotencyHeader].ToString();
        using var created = await SendAsync(AccountView.Owner, "/admin/accounts", body, context, repeats.Length == 0 ? null : repeats);
        if (created is null) return EdgeProblems.Unavailable();

        // From here on the account may exist, and its key is told only now: neither is given up when the client goes away.
        var answer = await created.Content.ReadAsByteArrayAsync(CancellationToken.None);
        if (!created.IsSuccessStatusCode) return new OwnersAnswer((int)created.StatusCode, created.Content.Headers.ContentType?.ToString(), answer);

        var (status, account) = ((int)created.StatusCode, JsonNode.Parse(answer)!.AsObject());
        if (body.Micropoints == 0) return Made(status, account);

        return await GrantAsync(context, account["id"]!.GetValue<string>(), body.Micropoints) switch
        {
            { Posted: true } => Made(status, account),
            { Pending: { } pending } => MadeWith(status, account, pending),
            _ => GrantFailed(account, body.Micropoints),
        };
    }

    private async Task<(bool Posted, JsonNode? Pending)> GrantAsync(HttpContext context, string accountId, long micropoints)
    {
        for (var tried = 0; tried < Tries; tried++)
        {
            using var granted = await SendAsync(
                Billing, $"/admin/accounts/{accountId}/points", new { micropoints, reason = "opening balance" }, context, $"account-{accountId}");
            if (granted?.StatusCode == HttpStatusCode.OK) return (true, null);
            if (granted?.StatusCode == HttpStatusCode.Accepted) return (false, JsonNode.Parse(await granted.Content.ReadAsByteArrayAsync(CancellationToken.None)));
        }

        return (false, null);
    }

    private async Task<HttpResponseMessage?> SendAsync<T>(string owner, string path, T body, HttpContext context, string? idempotencyKey = null)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = JsonContent.Create(body, new MediaTypeHeaderValue("application/json")) };
        request.Headers.TryAddWithoutValidation(CallHeaders.Actor, Actor.Of(context));
        if (idempotencyKey is not null) request.Headers.TryAddWithoutValidation(IdempotencyHeader, idempotencyKey);
        try
        {
            return await clients.CreateClient(owner).SendAsync(request, patience.Token);
        }
        catch (Exception exception) when (Outages.Include(exception))
        {
            return null;
        }
    }

    // 201, or 200 when Accounts has recognised a repetition.
    private static ContentHttpResult Made(int status, JsonObject account) => TypedResults.Text(account.ToJsonString(), "application/json", statusCode: status);

    private static ContentHttpResult MadeWith(int status, JsonObject account, JsonNode pending)
    {
        account["grant"] = pending;
        return Made(status, account);
    }

    private static ProblemHttpResult GrantFailed(JsonObject account, long micropoints)
    {
        var id = account["id"]!.GetValue<string>();
        return TypedResults.Problem(
            $"Account {id} exists and its key is in this answer, but its opening balance is not posted. POST /admin/accounts/{id}/points with "
            + $"{{\"micropoints\":{micropoints},\"reason\":\"opening balance\"}} and the header 'Idempotency-Key: account-{id}'; it is posted once, however often you send it.",
            statusCode: StatusCodes.Status502BadGateway,
            title: "The opening balance is not posted",
            type: "https://aigc2d.example/problems/grant-failed",
            extensions: [new("account", account)]);
    }

    /// <summary>What the owner of the route answered, as it is.</summary>
    private sealed class OwnersAnswer(int status, string? contentType, byte[] body) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            httpContext.Response.ContentType = contentType;
            await httpContext.Response.Body.WriteAsync(body, httpContext.RequestAborted);
        }
    }
}
