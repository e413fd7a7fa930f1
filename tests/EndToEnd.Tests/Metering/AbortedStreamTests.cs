using System.Text.Json;
using Aigc2d.EndToEnd.Tests.Finance;
using Aigc2d.TestKit;

namespace Aigc2d.EndToEnd.Tests.Metering;

/// <summary>
/// A thousand clients leave in the middle of their streams, each charge read from the finance feed. Half leave while their provider is silent,
/// when all that was forwarded has arrived: what they have is what is charged. Half leave while text is on its way, which counts as forwarded.
/// </summary>
public sealed class AbortedStreamTests(Suite suite, ITestOutputHelper output)
{
    private const long Opening = 1_000_000_000_000;
    private const int Streams = 1_000;
    private const int AtOnce = 32;
    private const int Pieces = 200;
    private const int Seed = 20261121;

    // A second and more of a stream of these texts.
    private const int MostUnderWay = 250;

    private static readonly string[] Texts =
    [
        "The quick brown fox doesn't jump over 1234567890 lazy dogs; it won't. ",
        "人工智能正在改变世界，您好，很高兴遇见你！我是AIGC2D。",
        "for (var i = 0; i < items.Length; i++)\n{\n    total += items[i].Price * 1.25m; // 含税\n}\n\n",
        "naïve façade, Straße, 안녕하세요 세계, नमस्ते दुनिया. ",
    ];

    [Fact]
    public async Task A_thousand_aborted_streams_are_charged_what_was_forwarded()
    {
        var (account, key) = await suite.CustomerAsync(Opening);
        var texts = Texts.Select(text => string.Concat(Enumerable.Repeat(text, 3_000 / text.Length))).ToArray();
        int[] silences = [1, 2, 5, 9, 14, 23, 40];
        var silent = new string[silences.Length];
        for (var i = 0; i < silences.Length; i++) silent[i] = await suite.ModelAsync($"echo,chunks={Pieces},hang={silences[i]}");
        var running = await suite.ModelAsync($"echo,chunks={Pieces},interval=50ms");

        var left = new Left[Streams];
        await Parallel.ForEachAsync(Enumerable.Range(0, Streams), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) =>
        {
            var random = new Random(Seed + i);
            var text = texts[random.Next(texts.Length)];
            var isSilent = i % 2 == 0;
            var which = random.Next(silences.Length);
            var characters = isSilent ? silences[which] * text.Length / Pieces : random.Next(1, 200);
            using var chat = await OpenChat.StartAdmittedAsync(suite, key, isSilent ? silent[which] : running, text, maxTokens: 3_500);
            await chat.ReadAsync(characters);
            left[i] = new(chat.RequestId, text, chat.Content, isSilent);
        });

        var charges = new Dictionary<string, JsonElement>();
        try
        {
            await Eventually.Equal(Streams, async () => (charges = (await suite.ChargesOfAsync(account)).Select(charge => charge.GetProperty("data")).ToDictionary(data => data.GetProperty("requestId").GetString()!)).Count, TimeSpan.FromSeconds(60));
        }
        catch (TimeoutException)
        {
            Assert.Fail(await ChargeTrail.OfAsync(suite, [.. left.Select(one => one.RequestId).Except(charges.Keys)]));
        }

        var prompts = (await CountedText.TokensAsync(texts)).Zip(texts).ToDictionary(pair => pair.Second, pair => pair.First + 7);
        var received = await CountedText.TokensAsync([.. left.Select(one => one.Content)]);

        output.WriteLine($"seed {Seed}: {received.Sum()} tokens received, {left.Sum(one => Output(charges[one.RequestId]))} charged");
        Assert.All(left.Zip(received), pair =>
        {
            var (one, tokens) = pair;
            var charge = charges[one.RequestId];
            Assert.StartsWith(one.Content, one.Text, StringComparison.Ordinal);
            Assert.Equal(("client_abort", true, prompts[one.Text]), (charge.GetProperty("endCause").GetString(), charge.GetProperty("estimated").GetBoolean(), charge.GetProperty("inputTokens").GetInt32()));
            if (one.IsSilent) Assert.Equal(tokens, Output(charge));
            else Assert.InRange(Output(charge), tokens - 2, tokens + MostUnderWay); // what follows may make fewer tokens of the last word
        });
        await Eventually.Equal((Opening + charges.Values.Sum(charge => charge.GetProperty("amountMicropoints").GetInt64()), 0), () => suite.PointsOfAsync(account));
    }

    private static int Output(JsonElement charge) => charge.GetProperty("outputTokens").GetInt32();

    private sealed record Left(string RequestId, string Text, string Content, bool IsSilent);
}
