using Aigc2d.Sandbox.Anthropic;
using Aigc2d.Sandbox.Azure;
using Aigc2d.Sandbox.Calls;
using Aigc2d.Sandbox.Gates;
using Aigc2d.Sandbox.OpenAi;
using Aigc2d.Sandbox.Replies;
using Aigc2d.Sandbox.Requests;
using Aigc2d.Sandbox.Scripts;
using Aigc2d.Sandbox.WenxinV1;
using Aigc2d.Sandbox.WenxinV2;

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
        builder.Services.AddSingleton<ScriptedFailures>();
        builder.Services.AddSingleton<ScriptedCalls>();
        builder.Services.AddSingleton<ChatAnswers>();
        builder.Services.AddSingleton<WenxinTokens>();
        configure?.Invoke(builder);

        var app = builder.Build();
        app.MapGet("/health", () => "Healthy");
        app.MapAnswerChat();
        app.MapAnswerCompletions();
        app.MapAnswerEmbeddings();
        app.MapAnswerModerations();
        app.MapListModels();
        app.MapAnswerDeployments();
        app.MapAnswerMessages();
        app.MapIssueToken();
        app.MapAnswerWorkshop();
        app.MapAnswerQianfan();
        var inspection = app.MapGroup("/sandbox");
        inspection.MapInspectRequests();
        inspection.MapOperateGates();
        inspection.MapOperateTokens();
        inspection.MapForgetFailures();
        app.MapRefuseUnknownRoutes();
        return app;
    }
}
