using System.Collections.Concurrent;
using Aigc2d.Contracts.Billing;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Contracts.Providers;
using Aigc2d.ServiceDefaults;
using Aigc2d.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Aigc2d.ProviderAdapters.Tests.Kit;

/// <summary>The two services that ProviderAdapters calls, and the one that hears from it: Moderation's and Billing's internal routes, and a usage queue.</summary>
public sealed class Peers
{
    /// <summary>A text with this word in it is blocked.</summary>
    public const string Blocked = "forbiddenword";

    /// <summary>The models that have a price; a test adds its own.</summary>
    public ConcurrentDictionary<string, bool> Priced { get; } = new();

    public ConcurrentQueue<Screening> Screened { get; } = [];

    public ConcurrentDictionary<Guid, int> Renewed { get; } = new();

    public ConcurrentQueue<UsageRecorded> Usages { get; } = [];

    public ConcurrentQueue<CallRefused> Refusals { get; } = [];

    public ConcurrentQueue<UsageTotalled> Totals { get; } = [];

    public WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults("peers");
        builder.AddMessaging(bus =>
        {
            bus.AddConsumerOn<NoteUsage>("peers.usage-recorded");
            bus.AddConsumerOn<NoteRefusals>("peers.call-refused");
            bus.AddConsumerOn<NoteTotals>("peers.usage-totalled");
        });
        builder.Services.AddSingleton(this);
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapPost("/internal/screenings", (ScreenRequest body) => TypedResults.Ok(new ScreenResponse { Verdicts = [.. body.Screenings.Select(Judge)] }));
        app.MapPost("/internal/holds/renew", (RenewHoldsRequest body) =>
        {
            foreach (var id in body.RequestIds) Renewed.AddOrUpdate(id, 1, (_, count) => count + 1);
            return TypedResults.Ok(new RenewHoldsResponse { Renewed = body.RequestIds.Length });
        });
        app.MapGet("/internal/prices/models", () => TypedResults.Ok(new PricedModelsResponse { Models = [.. Priced.Keys] }));
        return app;
    }

    private Verdict Judge(Screening screening)
    {
        Screened.Enqueue(screening);
        return screening.Texts.Any(text => text.Contains(Blocked, StringComparison.Ordinal))
            ? new Verdict { Action = VerdictAction.Block, Category = "malware", Rules = ["test"] }
            : new Verdict { Action = VerdictAction.Allow };
    }

    /// <summary>Takes usage as Billing would.</summary>
    public sealed class NoteUsage(Peers peers) : IConsumer<UsageRecorded>
    {
        public Task Consume(ConsumeContext<UsageRecorded> context)
        {
            peers.Usages.Enqueue(context.Message);
            return Task.CompletedTask;
        }
    }

    /// <summary>Takes refusals as Moderation would.</summary>
    public sealed class NoteRefusals(Peers peers) : IConsumer<CallRefused>
    {
        public Task Consume(ConsumeContext<CallRefused> context)
        {
            peers.Refusals.Enqueue(context.Message);
            return Task.CompletedTask;
        }
    }

    public sealed class NoteTotals(Peers peers) : IConsumer<UsageTotalled>
    {
        public Task Consume(ConsumeContext<UsageTotalled> context)
        {
            peers.Totals.Enqueue(context.Message);
            return Task.CompletedTask;
        }
    }
}
