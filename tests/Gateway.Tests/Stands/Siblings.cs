using Aigc2d.ServiceDefaults.Internal;
using Aigc2d.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aigc2d.Gateway.Tests.Stands;

/// <summary>The four services behind the gateway, stood in on four ports of one small server: they answer as told and remember what they were asked.</summary>
public sealed class Siblings : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly InternalKey _key = new(ServiceUnderTest.InternalSecret, "test");

    private Siblings(WebApplication app) => _app = app;

    public AccountsStandIn Accounts { get; } = new();

    public BillingStandIn Billing { get; } = new();

    public ModerationStandIn Moderation { get; } = new();

    public AdaptersStandIn Adapters { get; } = new();

    public static async Task<Siblings> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls([.. Enumerable.Repeat("http://127.0.0.1:0", 4)]);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(100));
        var app = builder.Build();
        var siblings = new Siblings(app);
        app.Run(siblings.AnswerAsync);
        await app.StartAsync();
        StandIn[] all = [siblings.Accounts, siblings.Billing, siblings.Moderation, siblings.Adapters];
        var addresses = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.ToArray();
        for (var i = 0; i < all.Length; i++) all[i].Address = new Uri(addresses[i]);
        return siblings;
    }

    /// <summary>Makes the stand-ins forget what they were asked.</summary>
    public void Forget()
    {
        foreach (var standIn in (StandIn[])[Accounts, Billing, Moderation, Adapters]) standIn.Requests.Clear();
        Billing.Holds.Clear();
        Billing.Releases.Clear();
        Moderation.Screenings.Clear();
        Moderation.Images.Clear();
        Adapters.Calls.Clear();
        Adapters.Aborts.Clear();
        Adapters.SentBytes.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        StandIn[] all = [Accounts, Billing, Moderation, Adapters];
        var asked = Array.Find(all, standIn => standIn.Address?.Port == context.Connection.LocalPort);
        if (_key.CallerOf(context.Request.Headers[Contracts.CallHeaders.Internal]) != "gateway") context.Response.StatusCode = 401;
        else if (asked is not null) await asked.AnswerAsync(context);
    }
}
