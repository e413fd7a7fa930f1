using System.Diagnostics;

namespace Aigc2d.TestKit;

/// <summary>The only wait in tests: passes at the first match, so it can show that something comes, never that it does not.</summary>
public static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Waits until a condition holds.</summary>
    public static Task True(Func<bool> condition, TimeSpan? within = null) => True(() => Task.FromResult(condition()), within);

    /// <summary>Waits until a condition holds.</summary>
    public static Task True(Func<Task<bool>> condition, TimeSpan? within = null) => Equal(true, condition, within);

    /// <summary>Waits until <paramref name="actual"/> gives <paramref name="expected"/>; fails with what it gave last.</summary>
    public static async Task Equal<T>(T expected, Func<Task<T>> actual, TimeSpan? within = null)
    {
        var started = Stopwatch.GetTimestamp();
        for (var pause = 5; ; pause = Math.Min(pause * 2, 100))
        {
            var last = await actual();
            if (EqualityComparer<T>.Default.Equals(expected, last)) return;
            if (Stopwatch.GetElapsedTime(started) > (within ?? Patience)) throw new TimeoutException($"Expected {expected}, last saw {last}.");

            await Task.Delay(pause);
        }
    }
}
