using System.Collections.Concurrent;
using System.Text.Json;

namespace Aigc2d.EndToEnd.Tests.Acceptance;

/// <summary>
/// The scenarios of a .NET client: those that only wait all at once; the quick ones a few at a time, so that no call is refused for want of a processor;
/// then those that depend on the client's own time-out, and those of many bytes behind them.
/// </summary>
internal sealed record DotNetScenarios
{
    private const int AtOnce = 3;

    public required Dictionary<string, Func<DotNetCall, Task<object?>>>[] Quick { get; init; }

    public required Dictionary<string, Func<DotNetCall, Task<object?>>>[] Long { get; init; }

    public required Dictionary<string, Func<DotNetCall, Task<object?>>>[] Timed { get; init; }

    public required Dictionary<string, Func<DotNetCall, Task<object?>>>[] Heavy { get; init; }

    public async Task<IReadOnlyDictionary<string, Seen>> RunAsync(Suite suite)
    {
        var seen = new ConcurrentDictionary<string, Seen>(StringComparer.Ordinal);
        Task SideAsync(Dictionary<string, Func<DotNetCall, Task<object?>>>[] parts, int atOnce = AtOnce) => Parallel.ForEachAsync(
            parts.SelectMany(part => part),
            new ParallelOptions { MaxDegreeOfParallelism = atOnce },
            async (scenario, _) => seen[scenario.Key] = await SeeAsync(suite, scenario.Key, scenario.Value));

        var waiting = SideAsync(Long, Long.Sum(part => part.Count));
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
