using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Aigc2d.TestKit;

namespace Aigc2d.EndToEnd.Tests;

/// <summary>What a test may do to the suite's processes, and where they leave what they write.</summary>
public sealed partial class Suite
{
    /// <summary>Kills a resource at once, as a crash does.</summary>
    public async Task KillAsync(string resource)
    {
        using var response = await SendAsync(HttpMethod.Get, $"{_control}/api/resources", _controlToken, null, HttpCompletionOption.ResponseContentRead, null);
        var resources = await response.Content.ReadFromJsonAsync<JsonElement>();
        var pid = resources.EnumerateArray().Single(r => r.GetProperty("name").GetString() == resource).GetProperty("pid").GetInt32();

        // The resource is a script; when that dies, PostgreSQL shuts down in an orderly way. A crash hits the server itself.
        if (resource == "postgres") pid = int.Parse(File.ReadLines(Path.Combine(_artifacts, "data/postgres/cluster/postmaster.pid")).First(), CultureInfo.InvariantCulture);
        Signals.Send(pid, Signals.Kill);
    }

    /// <summary>Starts a resource again and waits until it is healthy: <c>./aigc2d restart NAME</c>.</summary>
    public async Task RestartAsync(string resource) => Assert.Equal("", await TryRestartAsync(resource));

    /// <summary>The same; answers why it failed, or nothing.</summary>
    public Task<string> TryRestartAsync(string resource) => CommandAsync(resource, "restart");

    /// <summary>Stops a resource in good order: <c>./aigc2d stop NAME</c>.</summary>
    public async Task StopAsync(string resource) => Assert.Equal("", await CommandAsync(resource, "stop"));

    /// <summary>Starts a resource that was stopped and waits until it is healthy: <c>./aigc2d start NAME</c>.</summary>
    public async Task StartAsync(string resource) => Assert.Equal("", await CommandAsync(resource, "start"));

    /// <summary>Every resource with all it has written to its console.</summary>
    internal async Task<Dictionary<string, string>> LogsAsync()
    {
        using var response = await SendAsync(HttpMethod.Get, $"{_control}/api/resources", _controlToken, null, HttpCompletionOption.ResponseContentRead, null);
        var logs = new Dictionary<string, string>(StringComparer.Ordinal) { ["the AppHost"] = _log.ToString() };
        foreach (var resource in (await response.Content.ReadFromJsonAsync<JsonElement>()).EnumerateArray())
        {
            var name = resource.GetProperty("name").GetString()!;
            using var log = await SendAsync(HttpMethod.Get, $"{_control}/api/resources/{name}/logs?tail={int.MaxValue}", _controlToken, null, HttpCompletionOption.ResponseContentRead, null);
            logs[name] = await log.Content.ReadAsStringAsync();
        }

        return logs;
    }

    /// <summary>The folders with all that the suite's processes write to the disk.</summary>
    internal IEnumerable<string> Folders()
    {
        yield return _artifacts;
        var data = new DirectoryInfo(Path.Combine(_artifacts, "data/postgres"));
        if (data.ResolveLinkTarget(returnFinalTarget: true) is { Exists: true } target) yield return target.FullName;
    }

    private async Task<string> CommandAsync(string resource, string command)
    {
        using var response = await SendAsync(HttpMethod.Post, $"{_control}/api/resources/{resource}/{command}", _controlToken, null, HttpCompletionOption.ResponseContentRead, null);
        return response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync();
    }

    /// <summary>The commands of processes that still run with an environment of the suite.</summary>
    private IEnumerable<string> Leftovers()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out var pid) && pid != Environment.ProcessId))
        {
            string environment, command;
            try
            {
                environment = File.ReadAllText(Path.Combine(folder, "environ"));
                command = File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' ');
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                continue;
            }

            if (environment.Contains(_artifacts, StringComparison.Ordinal)) yield return command;
        }
    }
}
