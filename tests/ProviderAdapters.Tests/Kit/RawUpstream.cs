using Aigc2d.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Aigc2d.ProviderAdapters.Tests.Kit;

/// <summary>An upstream that answers whatever a test writes, where the Sandbox is too well-behaved. It gives a token to whom it asks for one first.</summary>
public static class RawUpstream
{
    public static Task<ServiceUnderTest> StartAsync(RequestDelegate answer) => ServiceUnderTest.StartAsync(
        (args, configure) =>
        {
            var builder = WebApplication.CreateBuilder(args);
            configure?.Invoke(builder);
            var app = builder.Build();
            app.MapPost("/oauth/2.0/token", () => Results.Json(new { access_token = "24.upstream-secret-token", expires_in = 2_592_000 }));
            app.MapPost("/{**route}", answer);
            return app;
        },
        new Dictionary<string, string?>());
}
