using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aigc2d.Contracts;
using static Aigc2d.Billing.Tests.BillingFixture;

namespace Aigc2d.Billing.Tests.Redemptions;

/// <summary>How a redemption was answered.</summary>
internal sealed record RedemptionAnswer(HttpStatusCode Status, JsonElement Body, int? RetryAfterSeconds)
{
    public string? Type => Body.TryGetProperty("type", out var type) ? type.GetString()!.Split('/')[^1] : null;
}

/// <summary>Makes and redeems codes over HTTP.</summary>
internal static class CodeDesk
{
    public static async Task<(Guid BatchId, string[] Codes)> CodesAsync(this BillingFixture billing, int count, long micropoints = Point)
    {
        var (_, body) = await billing.AskAsync(HttpMethod.Post, "/admin/redemption-codes", new { count, micropoints });
        return (body.GetProperty("batchId").GetGuid(), [.. body.GetProperty("codes").EnumerateArray().Select(code => code.GetString()!)]);
    }

    public static Task<RedemptionAnswer> RedeemAsync(this BillingFixture billing, Guid account, string code) => RedeemAsync(billing.Client, account, code);

    public static async Task<RedemptionAnswer> RedeemAsync(HttpClient client, Guid account, string code)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/redemptions", UriKind.Relative)) { Content = JsonContent.Create(new { code }) };
        request.Headers.Add(CallHeaders.AccountId, account.ToString());
        using var response = await client.SendAsync(request);
        int? wait = response.Headers.TryGetValues("Retry-After", out var values) ? int.Parse(values.Single(), CultureInfo.InvariantCulture) : null;
        return new(response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(), wait);
    }
}
