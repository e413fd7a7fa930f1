using System.Diagnostics;
using Aigc2d.Contracts.Accounts;
using Aigc2d.Contracts.Billing;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Contracts.Providers;
using Aigc2d.Gateway.Accounts;
using Aigc2d.Gateway.Admin;
using Aigc2d.Gateway.Admission;
using Aigc2d.Gateway.Bodies;
using Aigc2d.Gateway.Calls;
using Aigc2d.Gateway.Charges;
using Aigc2d.Gateway.Edges;
using Aigc2d.Gateway.Forwarding;
using Aigc2d.Gateway.Keys;
using Aigc2d.Gateway.Limits;
using Aigc2d.Gateway.Listeners;
using Aigc2d.Gateway.Models;
using Aigc2d.Gateway.Moderations;
using Aigc2d.Gateway.OpenApi;
using Aigc2d.Gateway.Prices;
using Aigc2d.Gateway.TokenCounts;
using Aigc2d.ServiceDefaults;
using Aigc2d.ServiceDefaults.Internal;
using Aigc2d.ServiceDefaults.Messaging;
using Aigc2d.ServiceDefaults.Tokens;

namespace Aigc2d.Gateway;

/// <summary>The public edge: one API in front of every provider, and the admin listener beside it. It keeps no database.</summary>
public static class GatewayApp
{
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults("gateway");
        builder.AddMessaging(bus =>
        {
            bus.AddTransientConsumer<DropOnPrincipalChanged>();
            bus.AddTransientConsumer<DoubtOnPlanChanged>();
        });
        builder.AddSiblings();
        builder.AddListeners();
        builder.AddCalls();
        configure?.Invoke(builder);

        var app = builder.Build();
        // A missing secret stops the start, not the first request.
        app.Services.GetRequiredService<IdempotencyMarks>();
        app.UseMiddleware<TrailHeaders>();
        app.UsePublicCors();
        app.Use(UnmatchedRoutes.AddBodyTo405Async);
        app.UseServiceDefaults(internalOnly: false);
        app.UseMiddleware<ListenerGate>();

        var open = app.MapGroup("").WithMetadata(PublicRoute.Mark);
        AnswerCall.Map(open);
        ModerateInput.Map(open);
        CountTokens.Map(open);
        ListModels.Map(open);
        GetModel.Map(open);
        GetAccount.Map(open);
        ManageKeys.Map(open);
        ManageProviderKeys.Map(open);
        ReadStatements.Map(open);
        ShowPrices.Map(open);
        ShowCharge.Map(open);
        RedeemCode.Map(open);
        ShowDocument.Map(open);
        ShowDocs.Map(open);
        AdminRoutes.Map(app.MapGroup("").WithMetadata(AdminRoute.Mark));
        return app;
    }

    private static void AddSiblings(this WebApplicationBuilder builder)
    {
        builder.AddInternalClient<IAccountsApi>("accounts");
        builder.AddInternalClient<IBillingApi>("billing");
        builder.AddInternalClient<IModerationApi>("moderation");
        builder.AddInternalClient<IProviderScreeningApi>("moderation", ScreenPrompts.ProviderLimit);
        builder.AddInternalClient<IProvidersApi>("adapters");
        foreach (var sibling in (string[])["accounts", "billing", "moderation"]) builder.AddInternalHttpClient(sibling);
        // Each running answer keeps a connection; plans limit how many there are, not this client.
        builder.AddInternalHttpClient(ProviderCalls.Destination)
            .ConfigurePrimaryHttpMessageHandler((handler, _) => ((SocketsHttpHandler)handler).MaxConnectionsPerServer = int.MaxValue);
    }

    private static void AddListeners(this WebApplicationBuilder builder)
    {
        var listeners = ListenerAddresses.From(builder.Configuration);
        builder.WebHost.UseUrls([.. listeners.Public, listeners.Admin]);
        builder.WebHost.ConfigureKestrel(kestrel => ConnectionLimits.Apply(kestrel.Limits, builder.Configuration));
        // Broken-off answers are passed to the server as exceptions on purpose; real bugs are logged where they are handled.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Critical);

        var services = builder.Services;
        services.AddSingleton(listeners);
        services.AddSingleton<AdminKeys>();
        services.AddSingleton<DistributedContextPropagator, FreshTraces>();
        services.AddCors();
        services.AddExceptionHandler<UnhandledErrors>();
        services.AddSingleton<Draining>();
        services.AddHostedService(provider => provider.GetRequiredService<Draining>());
        services.AddHealthChecks().AddCheck<Draining>("draining");
        services.Configure<HostOptions>(options => options.ShutdownTimeout = Draining.LongestAnswer + TimeSpan.FromSeconds(10));
    }

    private static void AddCalls(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(new PrincipalCache(PrincipalCache.DefaultCapacity));
        services.AddSingleton<VerifyKey>();
        services.AddSingleton<Access>();
        services.AddHostedService<PollChanges>();
        services.AddSingleton<LimitTable>();
        services.AddSingleton<StartCalls>();
        services.AddSingleton<GatewayMetrics>();
        services.AddSingleton<ScreenImages>();
        services.AddSingleton<ScreenPrompts>();
        services.AddSingleton<PlaceHolds>();
        services.AddSingleton<ReleaseHolds>();
        services.AddHostedService(provider => provider.GetRequiredService<ReleaseHolds>());
        services.AddSingleton<AdmitCall>();
        services.AddSingleton<IdempotencyMarks>();
        services.AddSingleton<PublicAddress>();
        services.AddSingleton<AppealLinks>();
        services.AddSingleton<CallAdmission>();
        services.AddSingleton<ApiDocument>();
        services.AddSingleton<CallableModels>();
        services.AddSingleton<CopyAnswer>();
        services.AddSingleton<ProviderCalls>();
        services.AddSingleton<ForwardCall>();
        services.AddSingleton(BodyBudget.OfThisProcess());
        services.AddHostedService<WarmTokenTables>();
        services.AddSingleton<ReceiveCall>();
        services.AddSingleton<AnswerCall>();
        services.AddSingleton<FreeQuestions>();
        services.AddSingleton<ModerateInput>();
        services.AddSingleton<CountTokens>();
        services.AddSingleton<ForwardToOwner>();
        services.AddSingleton<AccountView>();
        services.AddSingleton<MovePoints>();
        services.AddSingleton<CreateAccount>();
    }

    private static void UsePublicCors(this WebApplication app)
    {
        var adminPort = app.Services.GetRequiredService<ListenerAddresses>().AdminPort;
        app.UseWhen(context => context.Connection.LocalPort != adminPort, open => open.UseCors(BrowserAccess.Configure));
    }
}
