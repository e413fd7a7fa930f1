using Aigc2d.Gateway.Limits;
using Microsoft.AspNetCore.Cors.Infrastructure;

namespace Aigc2d.Gateway.Edges;

/// <summary>Lets pages of any origin call the public API. They bring their key themselves, so no cookie or other credential is ever meant.</summary>
internal static class BrowserAccess
{
    private static readonly string[] Exposed = ["x-request-id", "Server-Timing", "retry-after", "retry-after-ms", "x-should-retry", "request-id", .. RateHeaders.Names, .. AnthropicRateHeaders.Names];

    public static void Configure(CorsPolicyBuilder policy) => policy
        .AllowAnyOrigin()
        .AllowAnyHeader()
        .WithMethods("GET", "POST", "PATCH", "DELETE")
        .WithExposedHeaders(Exposed)
        .SetPreflightMaxAge(TimeSpan.FromHours(2));
}
