using Aigc2d.Contracts.Billing;
using Aigc2d.Contracts.Moderation;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.Anthropic;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Adapters.Wenxin;
using Aigc2d.ProviderAdapters.Adapters.WenxinV2;
using Aigc2d.ProviderAdapters.Calls;
using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ProviderAdapters.Health;
using Aigc2d.ProviderAdapters.ProviderKeys;
using Aigc2d.ProviderAdapters.Questions;
using Aigc2d.ProviderAdapters.Routing;
using Aigc2d.ProviderAdapters.Screenings;
using Aigc2d.ProviderAdapters.Usage;
using Aigc2d.ServiceDefaults;
using Aigc2d.ServiceDefaults.Internal;
using Aigc2d.ServiceDefaults.Messaging;
using Aigc2d.ServiceDefaults.Outbox;
using Aigc2d.ServiceDefaults.Postgres;
using Aigc2d.ServiceDefaults.Tokens;
using Microsoft.Extensions.Options;

namespace Aigc2d.ProviderAdapters;

/// <summary>How upstreams are asked: channels, adapters, forwarding, metering.</summary>
public static class ProviderAdaptersApp
{
    private const long MaxRequestBytes = 33 * 1024 * 1024;
    private static readonly TimeSpan AfterDrain = TimeSpan.FromSeconds(15);

    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults("adapters");
        builder.AddPostgres("adaptersdb", appRole: "adapters_app", typeof(ProviderAdaptersApp).Assembly);
        builder.AddMonthlyPartitions("usage_records");
        builder.AddOutbox();
        builder.AddMessaging();
        builder.AddInternalClient<IModerationApi>("moderation");
        builder.AddInternalClient<IBillingApi>("billing");
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = MaxRequestBytes;
            // A slow client holds its provider back; how long is the gateway's decision, not a data rate's.
            kestrel.Limits.MinResponseDataRate = null;
        });
        AddChannels(builder);
        builder.AddProviderKeys();
        AddRouting(builder);
        AddCalls(builder);
        configure?.Invoke(builder);

        var app = builder.Build();
        app.Services.GetRequiredService<HealthMetrics>();
        app.UseServiceDefaults();
        var channels = app.MapGroup("/admin/channels");
        channels.MapListChannels();
        channels.MapCreateChannel();
        channels.MapPatchChannel();
        channels.MapDeleteChannel();
        channels.MapTestChannel();
        channels.MapListUpstreamModels();
        channels.MapShowHealth();
        app.MapProviderKeys();
        var routes = app.MapGroup("/internal");
        routes.MapListRoutedModels();
        routes.MapAnswerCalls();
        routes.MapAbortCall();
        routes.MapAnswerQuestions();
        return app;
    }

    private static void AddChannels(WebApplicationBuilder builder)
    {
        builder.Services.Configure<CredentialOptions>(builder.Configuration.GetSection("Credentials"));
        builder.Services.AddSingleton<CredentialSeal>();
        builder.Services.AddSingleton<ChannelDirectory>();
        builder.Services.AddSingleton<AdapterFamilies>();
        builder.Services.AddSingleton<ProviderLists>();
        builder.Services.AddSingleton<ChannelProbe>();
        builder.Services.AddSingleton<IValidateOptions<OpenAiOptions>, ValidateOpenAiOptions>();
        builder.Services.AddOptions<OpenAiOptions>().Bind(builder.Configuration.GetSection(OpenAiOptions.Section)).ValidateOnStart();
        builder.Services.AddSingleton<CompletionModels>();
        builder.Services.AddSingleton<IProviderAdapter, OpenAiAdapter>();
        builder.Services.AddSingleton<IValidateOptions<AnthropicOptions>, ValidateAnthropicOptions>();
        builder.Services.AddOptions<AnthropicOptions>().Bind(builder.Configuration.GetSection(AnthropicOptions.Section)).ValidateOnStart();
        builder.Services.AddSingleton<IProviderAdapter, AnthropicAdapter>();
        builder.Services.AddSingleton<IProviderAdapter, WenxinAdapter>();
        builder.Services.AddSingleton<IProviderAdapter, WenxinV2Adapter>();
        builder.Services.AddHostedService<WatchChannels>();
    }

    private static void AddRouting(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IValidateOptions<RoutingOptions>, ValidateRoutingOptions>();
        builder.Services.AddOptions<RoutingOptions>().Bind(builder.Configuration.GetSection(RoutingOptions.Section)).ValidateOnStart();
        builder.Services.AddSingleton(Random.Shared);
        builder.Services.AddSingleton<RoutingMetrics>();
        builder.Services.AddSingleton<ChannelHealths>();
        builder.Services.AddSingleton<HealthMetrics>();
        builder.Services.AddSingleton<DescribeHealth>();
        builder.Services.AddSingleton<RetryBudget>();
        builder.Services.AddSingleton<SelectChannel>();
        builder.Services.AddSingleton<AttemptPolicies>();
    }

    private static void AddCalls(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IValidateOptions<CallOptions>, ValidateCallOptions>();
        builder.Services.AddOptions<CallOptions>().Bind(builder.Configuration.GetSection(CallOptions.Section)).ValidateOnStart();
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<CallOptions>>((host, calls) => host.ShutdownTimeout = calls.Value.DrainLimit + AfterDrain);
        builder.Services.AddSingleton<RunningCalls>();
        builder.Services.AddSingleton<OutputScreen>();
        builder.Services.AddSingleton<RecordUsage>();
        builder.Services.AddSingleton<EndCall>();
        builder.Services.AddSingleton<PlainAnswer>();
        builder.Services.AddSingleton<StreamParts>();
        builder.Services.AddSingleton<CallAnswers>();
        builder.Services.AddSingleton<AskProvider>();
        builder.Services.AddSingleton<CallAttempts>();
        builder.Services.AddSingleton<ModelCalls>();
        builder.Services.AddSingleton<AskFree>();
        builder.Services.AddHostedService<WarmTokenTables>();
        builder.Services.AddHostedService<TotalUsage>();
        builder.Services.AddHostedService<RenewHolds>();
        builder.Services.AddHostedService<DrainCalls>();
    }
}
