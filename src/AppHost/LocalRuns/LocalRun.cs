using System.Runtime.InteropServices;
using Aigc2d.AppHost.Controls;
using Aigc2d.AppHost.Seeds;
using Aigc2d.AppHost.Servers;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aigc2d.AppHost.LocalRuns;

/// <summary>A run on this machine, from the first check to the exit code: starts, seeds, warms up, says that it is ready, waits for the end.</summary>
internal static class LocalRun
{
    private static readonly TimeSpan DeadRunPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ToldPatience = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync(IDistributedApplicationBuilder builder, RunSettings settings, ServerConnections servers)
    {
        builder.Services.AddHttpClient();
        builder.Services.AddLogging(logging => logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning));
        try
        {
            using var runLock = RunLock.Take(settings);
            File.Delete(settings.LocalEnvFile);
            await PortCheck.RequireFreeAsync(settings, ControlFile.TakeLeftover(settings) ? DeadRunPatience : TimeSpan.Zero, TimeProvider.System);
            await using var app = builder.Build();
            return await RunAsync(app, settings, servers);
        }
        catch (StartFailure failure)
        {
            await Console.Error.WriteLineAsync($"aigc2d: {failure.Message}");
            return 1;
        }
    }

    private static async Task<int> RunAsync(DistributedApplication app, RunSettings settings, ServerConnections servers)
    {
        var lifetime = app.Services.GetRequiredService<IHostApplicationLifetime>();
        using var closedTerminal = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            lifetime.StopApplication();
        });
        var readiness = new Readiness();
        await using var control = await Control.StartAsync(app, settings, readiness);
        var running = app.RunAsync();
        var preparing = PrepareAsync(app, settings, servers, readiness, lifetime.ApplicationStopping);
        await Task.WhenAny(running, preparing);
        var failed = await FailedAsync(running, preparing, readiness, lifetime);
        await running.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return failed ? 1 : 0;
    }

    private static async Task PrepareAsync(DistributedApplication app, RunSettings settings, ServerConnections servers, Readiness readiness, CancellationToken ct)
    {
        var notifications = app.Services.GetRequiredService<ResourceNotificationService>();
        var clients = app.Services.GetRequiredService<IHttpClientFactory>();
        var configuration = app.Services.GetRequiredService<IConfiguration>();
        var resources = SuiteResources.Of(app.Services.GetRequiredService<DistributedApplicationModel>());
        var diagnosis = new Diagnosis(notifications, app.Services.GetRequiredService<ResourceLoggerService>());
        await new HealthWait(resources, notifications, diagnosis, readiness).RunAsync(ct);

        var admin = new AdminApi(clients, settings, Secrets.Find(configuration, "admin-key")!);
        readiness.Report("seeding prices");
        await SeedPrices.RunAsync(admin, ct);
        readiness.Report("seeding channels");
        var realChannels = await SeedChannels.RunAsync(admin, settings, name => configuration[name], ct);
        readiness.Report("seeding accounts");
        var accounts = new SeedAccounts(admin, clients, settings);
        var demo = await accounts.DemoAsync(ct);
        await new WarmUp(clients, settings, readiness, TimeProvider.System).RunAsync((await accounts.WarmUpAsync(ct)).Key, ct);

        PrivateFile.Write(settings.LocalEnvFile, await LocalEnv.TextAsync(settings, configuration, servers, demo, ct));
        readiness.Succeed(Summary.Text(settings, configuration, demo, realChannels));
    }

    /// <summary>Whether the start has failed; if so, the cause stays visible for a moment before everything stops.</summary>
    private static async Task<bool> FailedAsync(Task running, Task preparing, Readiness readiness, IHostApplicationLifetime lifetime)
    {
        try
        {
            await (running.IsFaulted ? running : preparing);
            return false;
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception exception)
        {
            // Whatever it was: everything that has been started must be stopped, and somebody must hear why.
            readiness.Fail(exception is StartFailure or DistributedApplicationException ? exception.Message : exception.ToString());
            await Task.WhenAny(readiness.FailureTold, Task.Delay(ToldPatience));
            lifetime.StopApplication();
            return true;
        }
    }
}
