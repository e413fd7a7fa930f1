using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using Aigc2d.TestKit;

namespace Aigc2d.AppHost.Tests.Hosting;

/// <summary>An AppHost in a process of its own, so that it can be killed and its services can be asked what they were given.</summary>
internal sealed class FixtureHost : IAsyncDisposable
{
    private static readonly string Configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
    private readonly HttpClientHandler _handler = new();

    private FixtureHost(Process process, string mark, int port)
    {
        (Process, Mark, Port) = (process, mark, port);
        Client = new HttpClient(_handler) { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}")) };
    }

    public static string ServiceFolder => Path.Combine(Repository.Root, "tests", "AppHost.Tests", "FixtureService");

    public Process Process { get; }

    /// <summary>A variable that everything started by this host has, the watchdog included.</summary>
    public string Mark { get; }

    public int Port { get; }

    public HttpClient Client { get; }

    public static async Task<FixtureHost> StartAsync(params (string Name, string Value)[] environment)
    {
        var port = TestSockets.FreeRange(3);
        var mark = $"FIXTURE_RUN={Guid.CreateVersion7()}";
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(Repository.Root, "tests", "AppHost.Tests", "FixtureHost", "bin", Configuration, "net10.0", "Aigc2d.FixtureHost.dll"), $"--Port={port}", "--Parameters:password=r@b/bit" },
            Environment = { ["FIXTURE_RUN"] = mark[(mark.IndexOf('=', StringComparison.Ordinal) + 1)..], ["ASPNETCORE_ENVIRONMENT"] = "Staging", ["DOTNET_ENVIRONMENT"] = "Staging" },
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var host = new FixtureHost(Process.Start(start)!, mark, port);
        await Eventually.True(host.AnswersAsync);
        return host;
    }

    public async Task<Dictionary<string, string>> EnvironmentAsync() =>
        (await Client.GetFromJsonAsync<Dictionary<string, string>>("/environment", TestContext.Current.CancellationToken))!;

    public async ValueTask DisposeAsync()
    {
        if (!Process.HasExited)
        {
            Signals.Send(Process.Id, Signals.Terminate);
            await Process.WaitForExitAsync(CancellationToken.None);
        }

        Process.Dispose();
        Client.Dispose();
        _handler.Dispose();
    }

    private async Task<bool> AnswersAsync()
    {
        Assert.False(Process.HasExited, "the fixture host has ended");
        try
        {
            using var response = await Client.GetAsync(new Uri("/health", UriKind.Relative), TestContext.Current.CancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
