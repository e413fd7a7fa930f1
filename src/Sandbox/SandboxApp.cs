using Aigc2d.Sandbox.Chats;
using Aigc2d.Sandbox.Gates;
using Aigc2d.Sandbox.Models;
using Aigc2d.Sandbox.Requests;

namespace Aigc2d.Sandbox;

/// <summary>A stand-in for the providers: local runs, tests and benchmarks need no account anywhere.</summary>
public static class SandboxApp
{
    private const long MaxRequestBytes = 64 * 1024 * 1024;

    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxRequestBytes;
            kestrel.Limits.MinResponseDataRate = null; // a slow reader is the caller's own experiment
        });
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ReceivedRequests>();
        builder.Services.AddSingleton<NamedGates>();
        builder.Services.AddSingleton<ChatAnswer>();
        configure?.Invoke(builder);

        var app = builder.Build();
        app.MapGet("/health", () => "Healthy");
        var openAi = app.MapGroup("/v1").AddEndpointFilter<RequireBearer>();
        openAi.MapAnswerChat();
        openAi.MapListModels();
        var inspection = app.MapGroup("/sandbox");
        inspection.MapInspectRequests();
        inspection.MapOperateGates();
        return app;
    }
}
