using System.Runtime.InteropServices;
using Aigc2d.Benchmarks;

Dictionary<string, Func<CancellationToken, Task<int>>> benchmarks = new(StringComparer.Ordinal)
{
    ["holds"] = HoldsBenchmark.RunAsync,
    ["screening"] = ScreeningBenchmark.RunAsync,
    ["statements"] = StatementsBenchmark.RunAsync,
};

if (args.Length != 1 || !benchmarks.TryGetValue(args[0], out var run))
{
    await Console.Error.WriteLineAsync($"usage: ./aigc2d bench {string.Join('|', benchmarks.Keys)}");
    return 2;
}

// A benchmark that is interrupted still stops its servers and removes their data.
using var interrupted = new CancellationTokenSource();
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
try
{
    return await run(interrupted.Token);
}
catch (Exception) when (interrupted.IsCancellationRequested)
{
    return 130;
}

void Interrupt(PosixSignalContext context)
{
    context.Cancel = true;
    interrupted.Cancel();
}
