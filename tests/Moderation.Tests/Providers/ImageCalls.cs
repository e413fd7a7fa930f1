using System.Net.Http.Json;
using System.Text;
using Aigc2d.Contracts;
using Aigc2d.Contracts.Moderation;
using Aigc2d.TestKit;

namespace Aigc2d.Moderation.Tests.Providers;

/// <summary>What a gateway asks about an image of a prompt.</summary>
internal static class ImageCalls
{
    /// <summary>How a provider has no word on an image, and what a gateway is told then.</summary>
    public static TheoryData<string, int> Failures => new() { { "no channel", 503 }, { "at fault", 422 }, { "broken", 503 }, { "no results", 503 }, { "silent", 503 } };

    /// <param name="service">Moderation.</param>
    /// <param name="address">What stands between the quotes of the JSON string.</param>
    /// <param name="requestId">The prompt.</param>
    /// <param name="accountId">Who asks.</param>
    /// <param name="endUser">Whose customer.</param>
    public static async Task<(int Status, Verdict? Verdict)> LookAsync(this ServiceUnderTest service, string address, Guid? requestId = null, Guid? accountId = null, string? endUser = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/internal/screenings/image") { Content = new StringContent($"\"{address}\"", Encoding.UTF8, "application/json") };
        request.Headers.Add(CallHeaders.RequestId, (requestId ?? Guid.CreateVersion7()).ToString());
        request.Headers.Add(CallHeaders.AccountId, (accountId ?? Guid.CreateVersion7()).ToString());
        if (endUser is not null) request.Headers.Add(CallHeaders.EndUser, endUser);
        using var response = await service.Client.SendAsync(request);
        return ((int)response.StatusCode, response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync(ContractsJson.Default.Verdict) : null);
    }
}
