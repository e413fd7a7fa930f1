using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Tests.Kit;
using Aigc2d.ServiceDefaults.Tokens;
using Aigc2d.TestKit;

namespace Aigc2d.ProviderAdapters.Tests.Usage;

/// <summary>Streams whose clients leave at any moment, seen from the gateway's side of the connection: what it had passed on is what is charged.</summary>
public sealed class AbortedStreams(AdaptersFixture fixture, ITestOutputHelper output)
{
    private const int Streams = 1_000;
    private const int AtOnce = 32;
    private const int Seed = 20261121;

    private static readonly string[] Texts =
    [
        "The quick brown fox doesn't jump over 1234567890 lazy dogs; it won't. ",
        "人工智能正在改变世界，您好，很高兴遇见你！我是AIGC2D。",
        "for (var i = 0; i < items.Length; i++)\n{\n    total += items[i].Price * 1.25m; // 含税\n}\n\n",
        "naïve façade — Straße, 안녕하세요 세계, नमस्ते दुनिया, 😀👍🏽 ",
    ];

    [Fact]
    public async Task A_thousand_aborted_streams_are_charged_what_was_forwarded()
    {
        var texts = Texts.Select(text => string.Concat(Enumerable.Repeat(text, 12_000 / text.Length))).ToArray();
        var model = await fixture.Adapters.ModelAsync("echo,interval=10ms,chunks=480");

        var results = new List<(Guid Id, int Input, int Forwarded)>();
        await Parallel.ForEachAsync(Enumerable.Range(0, Streams), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, ct) =>
        {
            var random = new Random(Seed + i);
            var text = texts[i % texts.Length];
            var call = TestCall.Of(model, stream: true, text: text, n: 1 + (i / texts.Length % 2));
            await using var running = await fixture.Adapters.StartAsync(call, null, ct);
            await running.ReadUntilAsync(random.Next(12_000));
            var (passedOn, sentBytes) = (running.SoFar, running.ReadBytes);
            var reading = running.ReadAsync(ct);
            await fixture.Adapters.AbortAsync(call.RequestId, sentBytes);
            await reading;
            lock (results) results.Add((call.RequestId, TestCall.CountedTokens - 4 + BytePairEncoding.O200k.Count(text), Tokens(passedOn)));
        });

        var charged = new Dictionary<Guid, UsageRecorded>();
        await Eventually.True(() => (charged = fixture.Peers.Usages.ToArray().Where(usage => results.Any(result => result.Id == usage.RequestId)).ToDictionary(usage => usage.RequestId)).Count == Streams);

        output.WriteLine($"seed {Seed}: {results.Sum(result => result.Forwarded)} tokens forwarded, {charged.Values.Sum(usage => usage.OutputTokens)} charged");
        Assert.All(results, result => Assert.Equal(
            (EndCause.ClientAbort, result.Input, result.Forwarded), (charged[result.Id].EndCause, charged[result.Id].InputTokens, charged[result.Id].OutputTokens)));
        Assert.InRange(results.Count(result => result.Forwarded > 0), Streams / 2, Streams);
    }

    private static int Tokens(Answer answer) => answer.Chunks.Where(chunk => chunk.TryGetProperty("choices", out _)).SelectMany(chunk => chunk.GetProperty("choices").EnumerateArray())
        .GroupBy(choice => choice.GetProperty("index").GetInt32(), choice => choice.GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : "")
        .Sum(texts => BytePairEncoding.O200k.Count(string.Concat(texts)));
}
