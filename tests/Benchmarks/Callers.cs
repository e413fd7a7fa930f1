using System.Diagnostics;
using Npgsql;

namespace Aigc2d.Benchmarks;

/// <summary>Callers that each ask, wait for the answer and ask again.</summary>
internal static class Callers
{
    /// <summary>Lets <paramref name="callers"/> take numbers from 0 on until time or numbers run out, and answers how many were done in which time.</summary>
    /// <param name="one">What is done for a number.</param>
    public static async Task<Rate> RunAsync(int callers, int most, TimeSpan atMost, Func<int, Task> one, CancellationToken ct)
    {
        var (taken, done, retries) = (-1, 0, 0);
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(AskAsync, ct)));
        return new(done, Stopwatch.GetElapsedTime(started), retries);

        async Task AskAsync()
        {
            while (Stopwatch.GetElapsedTime(started) < atMost && Interlocked.Increment(ref taken) is var number && number < most)
            {
                ct.ThrowIfCancellationRequested();
                while (!await TryAsync(() => one(number))) Interlocked.Increment(ref retries);
                Interlocked.Increment(ref done);
            }
        }
    }

    /// <summary>False when the statement waited too long behind others, for a row's lock or for a connection: a caller would try again.</summary>
    private static async Task<bool> TryAsync(Func<Task> one)
    {
        try
        {
            await one();
            return true;
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled)
        {
            return false;
        }
        catch (NpgsqlException exception) when (exception.InnerException is TimeoutException)
        {
            return false;
        }
    }
}

/// <summary>How much was done, and how often it had to be tried again.</summary>
internal sealed record Rate(int Done, TimeSpan Elapsed, int Retries)
{
    public double PerSecond => Done / Elapsed.TotalSeconds;

    public static Rate operator +(Rate a, Rate b) => new(a.Done + b.Done, a.Elapsed + b.Elapsed, a.Retries + b.Retries);
}
