using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Aigc2d.AppHost.LocalRuns;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aigc2d.AppHost.Controls;

/// <summary>The loopback address through which the command line sees and commands this run.</summary>
internal sealed class Control(WebApplication web, RunSettings settings) : IAsyncDisposable
{
    public static async Task<Control> StartAsync(DistributedApplication app, RunSettings settings, Readiness readiness)
    {
        var token = RandomNumberGenerator.GetHexString(48, lowercase: true);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, settings.ControlPort));
        builder.Services.AddRoutingCore();
        builder.Logging.AddConsole().SetMinimumLevel(LogLevel.Warning);
        var web = builder.Build();
        web.Use((context, next) => Authenticated(context, token) ? next(context) : Refuse(context));
        Map(web, app, readiness);
        await web.StartAsync();
        ControlFile.Write(settings, string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{settings.ControlPort}"), token);
        return new Control(web, settings);
    }

    public async ValueTask DisposeAsync()
    {
        ControlFile.Delete(settings);
        await web.DisposeAsync();
    }

    private static void Map(IEndpointRouteBuilder routes, DistributedApplication app, Readiness readiness)
    {
        var resources = SuiteResources.Of(app.Services.GetRequiredService<DistributedApplicationModel>());
        var notifications = app.Services.GetRequiredService<ResourceNotificationService>();
        var logs = app.Services.GetRequiredService<ResourceLoggerService>();
        var diagnosis = new Diagnosis(notifications, logs);
        routes.MapResourceTable(resources, notifications);
        routes.MapResourceCommands(resources, notifications, app.Services.GetRequiredService<ResourceCommandService>(), diagnosis);
        routes.MapResourceLogs(resources, logs, diagnosis);
        routes.MapReadiness(readiness);
        routes.MapPost("/api/shutdown", () =>
        {
            app.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
            return Results.Text("stopping\n");
        });
    }

    private static bool Authenticated(HttpContext context, string token)
    {
        var given = Encoding.UTF8.GetBytes(context.Request.Headers.Authorization.ToString());
        return CryptographicOperations.FixedTimeEquals(given, Encoding.UTF8.GetBytes($"Bearer {token}"));
    }

    private static Task Refuse(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return context.Response.WriteAsync("the token of artifacts/run/control.json is needed\n");
    }
}
