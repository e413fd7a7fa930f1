using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Classifications;
using Aigc2d.Moderation.Lifetimes;
using Aigc2d.Moderation.Models;
using Aigc2d.Moderation.Policies;
using Aigc2d.Moderation.Providers;
using Aigc2d.Moderation.Refusals;
using Aigc2d.Moderation.Rules;
using Aigc2d.Moderation.Screenings;
using Aigc2d.Moderation.Tallies;
using Aigc2d.Moderation.Verdicts;
using Aigc2d.ServiceDefaults;
using Aigc2d.ServiceDefaults.Internal;
using Aigc2d.ServiceDefaults.Messaging;
using Aigc2d.ServiceDefaults.Postgres;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Aigc2d.Moderation;

/// <summary>The composition of the Moderation service.</summary>
public static class ModerationApp
{
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults("moderation");
        builder.AddPostgres("moderationdb", appRole: "moderation_app", typeof(ModerationApp).Assembly);
        builder.AddMessaging(bus => bus.AddConsumerOn<KeepRefusals>(KeepRefusals.Queue));
        builder.Services.AddSingleton(WarmScreener(JurisdictionPacks.From(builder.Configuration)));
        builder.Services.AddSingleton(new EvidenceHash(builder.Configuration["Evidence:Key"]));
        builder.Services.AddSingleton<ScreeningMetrics>();
        builder.Services.AddSingleton<VerdictLog>();
        builder.Services.AddHostedService(services => services.GetRequiredService<VerdictLog>());
        builder.Services.AddSingleton<PolicyList>();
        builder.Services.AddSingleton<FollowPolicies>();
        builder.Services.AddHostedService(services => services.GetRequiredService<FollowPolicies>());
        builder.Services.AddHealthChecks().AddCheck<FollowPolicies>("policies");
        builder.Services.AddSingleton<ScoreTally>();
        builder.Services.AddSingleton<WriteTallies>();
        builder.Services.AddHostedService(services => services.GetRequiredService<WriteTallies>());
        builder.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<RecentScreenings>(services, services.GetRequiredKeyedService<NpgsqlDataSource>(PostgresExtensions.Maintenance)));
        builder.Services.AddSingleton(LifetimeOptions.Of(builder.Configuration));
        builder.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<ForgetOldRecords>(services, services.GetRequiredKeyedService<NpgsqlDataSource>(PostgresExtensions.Maintenance)));
        builder.Services.AddHostedService(services => services.GetRequiredService<ForgetOldRecords>());
        var providers = ProviderOptions.Of(builder.Configuration);
        builder.Services.AddSingleton(providers);
        builder.Services.AddSingleton<ProviderModeration>();
        builder.Services.AddSingleton<ImageMemory>();
        builder.AddInternalHttpClient(ProviderModeration.Destination);
        // Screening needs no database: while it is away, only records wait.
        builder.Services.Configure<HealthCheckServiceOptions>(health => health.Registrations.Single(check => check.Name == "postgres").Tags.Add(ServiceExtensions.DegradedTag));
        configure?.Invoke(builder);

        var app = builder.Build();
        if (app.Services.GetRequiredService<TextScreener>().Model?.RemarkOn(RuleSet.VersionWithoutPacks) is { } remark) app.Logger.LogWarning("Weights of the screening model: {Remark}.", remark);
        app.UseServiceDefaults();
        var inside = app.MapGroup("/internal");
        inside.MapScreenTexts();
        inside.MapScreenWithProvider();
        inside.MapScreenImage();
        inside.MapClassifyTexts();
        app.MapGetPolicies();
        app.MapPutPolicies();
        app.MapPreviewPolicies();
        app.MapPreviewStrictness();
        app.MapGetEmbeddingPolicies();
        app.MapPutEmbeddingPolicy();
        return app;
    }

    // Callers wait 250 ms, and the first text would pay for reading the rules and compiling the code.
    private static TextScreener WarmScreener(IReadOnlyCollection<string> packs)
    {
        var screener = new TextScreener(RuleSet.Embedded(packs), ScreeningModel.Embedded());
        foreach (var stage in Enum.GetValues<ScreeningStage>()) screener.Screen(["a first t3xt,  w i t h  every reading", "第一个文本 %E4%B8%80"], stage);
        return screener;
    }
}
