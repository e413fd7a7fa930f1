using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Aigc2d.Contracts;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Gateway.Calls;

namespace Aigc2d.Gateway.Forwarding;

/// <summary>What ProviderAdapters is sent: the client's own bytes, and in headers who asks for what.</summary>
internal static class ProviderRequest
{
    // What a client says to a provider of its own family beside the body.
    private static readonly string[] PassedHeaders = [CallHeaders.AnthropicVersion, CallHeaders.AnthropicBeta];

    /// <summary>The request for a call of the route that it came in on.</summary>
    public static HttpRequestMessage For(Guid requestId, ReceivedCall received, HttpRequest incoming, TimeSpan? patience)
    {
        var (route, principal, call, body) = received;
        var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, route.InternalPath) { Content = content };
        request.Headers.Add(CallHeaders.RequestId, requestId.ToString());
        request.Headers.Add(CallHeaders.AccountId, principal.AccountId.ToString());
        request.Headers.Add(CallHeaders.KeyId, principal.KeyId.ToString());
        request.Headers.Add(CallHeaders.Model, Uri.EscapeDataString(call.Model));
        request.Headers.Add(CallHeaders.InputTokens, call.InputTokens.ToString(CultureInfo.InvariantCulture));
        if (patience is { } wait) request.Headers.Add(CallHeaders.PatienceMs, ((long)wait.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
        if (RegionWish.Of(incoming) is { } region) request.Headers.Add(CallHeaders.Region, region);
        if (principal.Plan.Strictness is not Strictness.Standard and var strictness) request.Headers.Add(CallHeaders.Strictness, JsonNamingPolicy.SnakeCaseLower.ConvertName(strictness.ToString()));
        foreach (var name in PassedHeaders)
        {
            if (incoming.Headers.TryGetValue(name, out var values)) request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }

        return request;
    }
}
