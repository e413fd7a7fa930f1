using System.Collections.Concurrent;
using System.Text.Json;

namespace Aigc2d.EndToEnd.Tests.Acceptance;

/// <summary>The scenarios of a .NET client: all at once; those that depend on the client's own time-out when the crowd of quick ones is gone, and those of many bytes behind them.</summary>
internal sealed record DotNetScenarios
{
    public required Dictionary<string, Func<DotNetCall, Task<object?>>>[] Quick { get; init; }

    public required Dictionary<string, Func<DotNetCall, Task<object?>>>[] Long { get; init; }

    public required Dictionary<string, Func<DotNetCall, Task<object?>>>[] Timed { get; init; }

    public required Dictionary<string, Func<DotNetCall, Task<object?>>>[] Heavy { get; init; }

    public async Task<IReadOnlyDictionary<string, Seen>> RunAsync(Suite suite)
    {
        var seen = new ConcurrentDictionary<string, Seen>(StringComparer.Ordinal);
        Task SideAsync(Dictionary<string, Func<DotNetCall, Task<object?>>>[] parts) =>
            Task.WhenAll(parts.SelectMany(part => part).Select(async scenario => seen[scenario.Key] = await SeeAsync(suite, scenario.Key, scenario.Value)));

        var waiting = SideAsync(Long);
        await SideAsync(Quick);
        await SideAsync(Timed);
        await SideAsync(Heavy);
        await waiting;
        return seen;
    }

    private static async Task<Seen> SeeAsync(Suite suite, string name, Func<DotNetCall, Task<object?>> scenario)
    {
        var call = new DotNetCall(suite);
        var result = await ResultOfAsync(() => scenario(call));
        return new Seen(name, JsonSerializer.SerializeToElement(result, DotNetCall.Json), call.Account, call.Key);
    }

    // A scenario that fails in an unforeseen way is told by its own test, not by all tests of its client.
    private static async Task<object?> ResultOfAsync(Func<Task<object?>> scenario)
    {
        try
        {
            return await scenario();
        }
        catch (Exception exception)
        {
            return new { unexpected = exception.ToString() };
        }
    }
}
