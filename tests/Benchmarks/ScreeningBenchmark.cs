using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using Aigc2d.Contracts;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation;
using Aigc2d.Moderation.Evaluation;
using Aigc2d.ServiceDefaults.Batching;
using Aigc2d.TestKit;

namespace Aigc2d.Benchmarks;

/// <summary>
/// How long the screening engine takes for texts of 100 and 6,000 characters, plain and disguised in every way it reads, and how many screenings go through HTTP
/// one by one and in natural batches. Ends with the line <c>ratio N</c>: batched over single screenings per second with 64 callers.
/// </summary>
internal static class ScreeningBenchmark
{
    private const int Rounds = 3;
    private const int MostScreenings = 200_000;
    private const double Microseconds = 1e6;
    private static readonly int[] Concurrencies = [1, 64];
    private static readonly (int Characters, int Times)[] Lengths = [(100, 4_000), (6_000, 500)];
    private static readonly TimeSpan Phase = TimeSpan.FromSeconds(1.5);

    // Harmless texts. The disguised ones are spaced out, written with digits, stretched, encoded, traditional and split.
    private static readonly (string Name, string Text)[] Texts =
    [
        ("English", "When the rain stops we walk to the garden, look after the young trees and fly a kite until the light is gone. "),
        ("Chinese", "雨停了以后我们去花园，看看小树长得怎么样，然后在草地上放风筝，一直放到天黑。"),
        ("English, disguised", "w h e n  t h e  r a i n  st0ps w3 wa1k 2 th3 g@rd3n, sooo slooowly | %6B%69%74%65 dGhlIHJhaW4gaXMgb3ZlciBub3c= 6b69746520666c696573 h.o.w t.o m.a.k.e a k-i-t-e "),
        ("Chinese, disguised", "雨.停.了 以 後 我 們 去 花 園 、 放 風 箏 %E9%A3%8E%E7%AD%9D 怎-么-制-作 6aOO562d6aOO562d6aOO562d f3ng zh3ng y_u t_i_n_g "),
    ];

    public static async Task<int> RunAsync(CancellationToken ct)
    {
        var engine = (await MeasuredEngine.LoadAsync(modelFile: null, Console.Error))!;
        await Console.Error.WriteLineAsync("bench: the engine");
        await EngineAsync(engine, ct);

        await Console.Error.WriteLineAsync("bench: starting the servers");
        await using var servers = await TestServers.StartAsync();
        await using var moderation = await ServiceUnderTest.StartAsync(ModerationApp.Build, new Dictionary<string, string?>
        {
            ["ConnectionStrings:moderationdb"] = servers.NewDatabase(),
            ["ConnectionStrings:messaging"] = await servers.NewVirtualHostAsync(),
            ["Evidence:Key"] = Convert.ToBase64String(new byte[32]),
        });
        var ratio = await HttpAsync(moderation.Client, ct);
        await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"ratio {ratio:0.0}"));
        return 0;
    }

    private static async Task EngineAsync(MeasuredEngine engine, CancellationToken ct)
    {
        var times = Lengths.SelectMany(length => Texts.Select(text => (text.Name, length.Characters, length.Times, Text: Cut(text.Text, length.Characters), Took: new List<double>()))).ToArray();

        // All take turns, so that whatever else this machine does meets all of them; the first turn compiles the code.
        for (var round = 0; round <= Rounds; round++)
        {
            foreach (var (_, _, count, text, took) in times)
            {
                ct.ThrowIfCancellationRequested();
                took.EnsureCapacity(Rounds * count);
                for (var i = 0; i < count; i++)
                {
                    var started = Stopwatch.GetTimestamp();
                    engine.Screener.Screen([text], ScreeningStage.Prompt);
                    if (round > 0) took.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds);
                }
            }
        }

        await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"The engine alone, loaded in {engine.Load.TotalMilliseconds:0} ms; µs."));
        await Console.Out.WriteLineAsync($"{"text",-20}  characters       p50       p99");
        foreach (var (name, characters, _, _, took) in times)
            await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{name,-20}  {characters,10}  {Quantile.Of(took, 0.5),8:0.0}  {Quantile.Of(took, 0.99),8:0.0}"));
    }

    /// <summary>Prints a row per number of callers and answers the ratio of the last one.</summary>
    private static async Task<double> HttpAsync(HttpClient client, CancellationToken ct)
    {
        // As the gateway asks.
        var batcher = new Batcher<Screening, Verdict>(screenings => AskAsync(client, [.. screenings]), new BatcherOptions { MaxBytes = 256 * 1024, InFlight = 2 }, screening => screening.Texts[0].Length * sizeof(char));
        var screening = new Screening { RequestId = Guid.CreateVersion7(), AccountId = Guid.CreateVersion7(), Stage = ScreeningStage.Prompt, Texts = [Cut(Texts[0].Text, 300)] };
        Func<Task> single = async () => Expect(await AskAsync(client, [screening]));
        Func<Task> batched = async () => Expect([await batcher.SubmitAsync(screening, ct)]);
        await MeasureAsync(Concurrencies[^1], single, ct);
        await MeasureAsync(Concurrencies[^1], batched, ct);

        await Console.Out.WriteLineAsync("Through HTTP, prompts of 300 characters; per second, µs.");
        await Console.Out.WriteLineAsync("callers  one by one       p50       p99  natural batching       p50       p99  ratio");
        var ratio = 0.0;
        foreach (var callers in Concurrencies)
        {
            var (alone, together) = (Asked.None, Asked.None);
            for (var round = 0; round < Rounds; round++)
            {
                await Console.Error.WriteLineAsync($"bench: {callers} callers, round {round + 1} of {Rounds}");
                alone += await MeasureAsync(callers, single, ct);
                together += await MeasureAsync(callers, batched, ct);
            }

            ratio = together.PerSecond / alone.PerSecond;
            await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{callers,7}  {alone.PerSecond,10:0}  {alone.Slowest(0.5),8:0}  {alone.Slowest(0.99),8:0}  {together.PerSecond,16:0}  {together.Slowest(0.5),8:0}  {together.Slowest(0.99),8:0}  {ratio,5:0.0}"));
        }

        return ratio;
    }

    private static async Task<Asked> MeasureAsync(int callers, Func<Task> one, CancellationToken ct)
    {
        var took = new ConcurrentBag<double>();
        var rate = await Callers.RunAsync(callers, MostScreenings, Phase, async _ =>
        {
            var started = Stopwatch.GetTimestamp();
            await one();
            took.Add(Stopwatch.GetElapsedTime(started).TotalSeconds * Microseconds);
        }, ct);
        return new(rate, [.. took]);
    }

    private static async Task<IReadOnlyList<Verdict>> AskAsync(HttpClient client, Screening[] screenings)
    {
        using var response = await client.PostAsJsonAsync("/internal/screenings", new ScreenRequest { Screenings = screenings }, ContractsJson.Default.ScreenRequest);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync(ContractsJson.Default.ScreenResponse))!.Verdicts;
    }

    private static void Expect(IReadOnlyList<Verdict> verdicts)
    {
        if (verdicts is not [{ Action: VerdictAction.Allow }]) throw new InvalidOperationException("A harmless text was not let through.");
    }

    private static string Cut(string text, int characters) => string.Concat(Enumerable.Repeat(text, (characters / text.Length) + 1))[..characters];

    /// <summary>What one way of asking has reached.</summary>
    private sealed record Asked(Rate Rate, IReadOnlyList<double> Took)
    {
        public static readonly Asked None = new(new Rate(0, TimeSpan.Zero, 0), []);

        public double PerSecond => Rate.PerSecond;

        public static Asked operator +(Asked a, Asked b) => new(a.Rate + b.Rate, [.. a.Took, .. b.Took]);

        public double? Slowest(double share) => Quantile.Of(Took, share);
    }
}
