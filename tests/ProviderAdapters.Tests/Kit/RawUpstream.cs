using Aigc2d.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Aigc2d.ProviderAdapters.Tests.Kit;

/// <summary>An upstream that answers whatever a test writes, where the Sandbox is too well-behaved.</summary>
public static class RawUpstream
{
    public static Task<ServiceUnderTest> StartAsync(RequestDelegate answer) => ServiceUnderTest.StartAsync(
        (args, configure) =>
        {
            var builder = WebApplication.CreateBuilder(args);
            configure?.Invoke(builder);
            var app = builder.Build();
            app.MapPost("/v1/chat/completions", answer);
            return app;
        },
        new Dictionary<string, string?>());
}
