using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Aigc2d.AppHost.Tests.Hosting;

/// <summary>A started application of small programs, asked and commanded by resource name.</summary>
internal sealed class RunningApplication(DistributedApplication app) : IAsyncDisposable
{
    public ResourceNotificationService Notifications => app.ResourceNotifications;

    public static async Task<RunningApplication> StartAsync(Action<IDistributedApplicationBuilder> describe)
    {
        var builder = DistributedApplication.CreateBuilder([]);
        describe(builder);
        var app = builder.Build();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new RunningApplication(app);
    }

    public CustomResourceSnapshot this[string name] => Notifications.TryGetCurrentState(name, out var update) ? update!.Snapshot : throw new KeyNotFoundException(name);

    public int Pid(string name) => (int)this[name].Properties.Single(property => property.Name == "executable.pid").Value!;

    public async Task<CustomResourceSnapshot> UntilAsync(string name, Func<CustomResourceSnapshot, bool> predicate)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        return (await Notifications.WaitForResourceAsync(name, update => predicate(update.Snapshot), patience.Token)).Snapshot;
    }

    public Task<CustomResourceSnapshot> UntilStateAsync(string name, string state) => UntilAsync(name, snapshot => snapshot.State?.Text == state);

    public Task<ExecuteCommandResult> CommandAsync(string name, string command) => app.ResourceCommands.ExecuteCommandAsync(Resource(name), command, TestContext.Current.CancellationToken);

    /// <summary>What the resource has written, without the time stamps.</summary>
    public async Task<string[]> LinesAsync(string name)
    {
        var lines = new List<string>();
        await foreach (var batch in app.Services.GetRequiredService<ResourceLoggerService>().GetAllAsync(Resource(name)))
        {
            lines.AddRange(batch.Select(line => line.Content[(line.Content.IndexOf(' ', StringComparison.Ordinal) + 1)..]));
        }

        return [.. lines];
    }

    public Task StopAsync() => app.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(CancellationToken.None);
        await app.DisposeAsync();
    }

    private IResource Resource(string name) => app.Services.GetRequiredService<DistributedApplicationModel>().Resources.Single(resource => resource.Name == name);
}
