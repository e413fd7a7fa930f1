using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Classifications;
using Aigc2d.Moderation.Rules;
using Aigc2d.Moderation.Screenings;
using Aigc2d.Moderation.Verdicts;
using Aigc2d.ServiceDefaults;
using Aigc2d.ServiceDefaults.Postgres;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aigc2d.Moderation;

/// <summary>The composition of the Moderation service.</summary>
public static class ModerationApp
{
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults("moderation");
        builder.AddPostgres("moderationdb", appRole: "moderation_app", typeof(ModerationApp).Assembly);
        builder.Services.AddSingleton(WarmScreener());
        builder.Services.AddSingleton(new EvidenceHash(builder.Configuration["Evidence:Key"]));
        builder.Services.AddSingleton<ScreeningMetrics>();
        builder.Services.AddSingleton<VerdictLog>();
        builder.Services.AddHostedService(services => services.GetRequiredService<VerdictLog>());
        // Screening needs no database: while it is away, only records wait.
        builder.Services.Configure<HealthCheckServiceOptions>(health => health.Registrations.Single(check => check.Name == "postgres").Tags.Add(ServiceExtensions.DegradedTag));
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseServiceDefaults();
        var inside = app.MapGroup("/internal");
        inside.MapScreenTexts();
        inside.MapClassifyTexts();
        return app;
    }

    // Callers wait 250 ms, and the first text would pay for reading the rules and compiling the code.
    private static TextScreener WarmScreener()
    {
        var screener = new TextScreener(RuleSet.Embedded());
        foreach (var stage in Enum.GetValues<ScreeningStage>()) screener.Screen(["a first t3xt,  w i t h  every reading", "第一个文本 %E4%B8%80"], stage);
        return screener;
    }
}
