using System.Net;
using System.Text;
using System.Text.Json;
using Aigc2d.Contracts;
using Aigc2d.TestKit;

namespace Aigc2d.Moderation.Tests.Policies;

/// <summary>What an operator sends, as the gateway hands it on.</summary>
internal static class PolicyCalls
{
    public static async Task<long> PutAsync(ServiceUnderTest service, string rows)
    {
        var (status, body) = await SendAsync(service, HttpMethod.Put, "/admin/policies", rows);
        Assert.True(status == HttpStatusCode.OK, body.GetRawText());
        return body.GetProperty("policyVersion").GetInt64();
    }

    public static async Task<JsonElement> PreviewAsync(ServiceUnderTest service, string rows)
    {
        var (status, body) = await SendAsync(service, HttpMethod.Post, "/admin/policies/preview", rows);
        Assert.True(status == HttpStatusCode.OK, body.GetRawText());
        return body;
    }

    /// <summary>The items of all pages.</summary>
    public static async Task<JsonElement[]> GetAsync(ServiceUnderTest service, string query = "")
    {
        var items = new List<JsonElement>();
        for (var next = query; ;)
        {
            var page = await PageAsync(service, next);
            items.AddRange(page.GetProperty("items").EnumerateArray());
            if (page.GetProperty("next").GetString() is not { } last) return [.. items];
            Assert.NotEqual(next, $"{query}&after={last}");
            next = $"{query}&after={last}";
        }
    }

    /// <summary>One page as it comes.</summary>
    public static async Task<JsonElement> PageAsync(ServiceUnderTest service, string query)
    {
        var (status, body) = await SendAsync(service, HttpMethod.Get, "/admin/policies" + query, null);
        Assert.True(status == HttpStatusCode.OK, body.GetRawText());
        return body;
    }

    public static async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(ServiceUnderTest service, HttpMethod method, string target, string? body)
    {
        using var request = new HttpRequestMessage(method, target) { Headers = { { CallHeaders.Actor, "ada" } } };
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await service.Client.SendAsync(request);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }
}
