using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Aigc2d.TestKit;

namespace Aigc2d.EndToEnd.Tests;

/// <summary>
/// Damaged bodies for every public route that reads one, through the whole suite: here the services behind the gateway read them too.
/// <c>AIGC2D_FUZZ_BODIES=10000</c> sends so many to each, <c>AIGC2D_FUZZ_SEED</c> repeats a run.
/// </summary>
public sealed class RouteFuzz(Suite suite)
{
    private const int AtOnce = 8;
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(30);
    private static readonly int Bodies = FromEnvironment("AIGC2D_FUZZ_BODIES", 100);

    /// <summary>Where {model} stands, a model of this test's own; where {id}, an id that nobody has.</summary>
    private static readonly (string Method, string Path, string[] Valid)[] Routes =
    [
        ("POST", "/api/keys", ["""{"name":"a"}""", """{"name":"b","scopes":["inference","account"],"models":["gpt-4o-mini"],"ipRanges":["10.0.0.0/8"],"expiresAt":"2030-01-01T00:00:00Z","micropointsPerDay":1000000}"""]),
        ("POST", "/api/redemptions", ["""{"code":"AAAA-BBBB-CCCC-DDDD"}""", """{"code":"x"}"""]),
        ("POST", "/api/provider-keys", ["""{"provider":"openai","name":"mine","credential":"sk-fuzz","models":["{model}"]}""", """{"provider":"anthropic","name":"c","credential":"k","baseUrl":"https://api.anthropic.com","models":[{"name":"{model}","upstream":"x"}]}"""]),
        ("PATCH", "/api/provider-keys/{id}", ["""{"name":"other"}""", """{"state":"disabled","models":["{model}"]}"""]),
        ("POST", "/api/provider-keys/{id}/test", ["""{"model":"{model}"}"""]),
        ("POST", "/v1/chat/completions", ["""{"model":"{model}","messages":[{"role":"user","content":"hi"}]}""", """{"model":"{model}","stream":true,"max_tokens":9,"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],"messages":[{"role":"system","content":"s"},{"role":"user","content":[{"type":"text","text":"人 \ud83d\ude00"}]}]}"""]),
        ("POST", "/v1/completions", ["""{"model":"{model}","prompt":"hi"}""", """{"model":"{model}","prompt":["hi"],"max_tokens":9,"stream":true,"stream_options":{"include_usage":true}}"""]),
        ("POST", "/v1/embeddings", ["""{"model":"{model}","input":"hi"}""", """{"model":"{model}","input":["a","b"],"encoding_format":"base64","dimensions":8}"""]),
        ("POST", "/v1/moderations", ["""{"input":"hi"}""", """{"input":[{"type":"text","text":"hi"}],"model":"omni-moderation-latest"}"""]),
        ("POST", "/v1/messages", ["""{"model":"{model}","max_tokens":9,"messages":[{"role":"user","content":"hi"}]}""", """{"model":"{model}","max_tokens":9,"stream":true,"system":[{"type":"text","text":"s"}],"tools":[{"name":"f","input_schema":{"type":"object"}}],"messages":[{"role":"user","content":[{"type":"text","text":"hi"}]},{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"1"}]}]}"""]),
        ("POST", "/v1/messages/count_tokens", ["""{"model":"{model}","messages":[{"role":"user","content":"hi"}]}"""]),
        ("POST", "/v1/complete", ["""{"model":"{model}","max_tokens_to_sample":9,"prompt":"\n\nHuman: hi\n\nAssistant:"}"""]),
    ];

    public static TheoryData<string> Names => [.. Routes.Select(route => $"{route.Method} {route.Path}")];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task No_body_makes_a_service_fail_or_hang_and_no_hold_stays(string name)
    {
        var (method, path, valid) = Routes.Single(route => $"{route.Method} {route.Path}" == name);
        var seed = FromEnvironment("AIGC2D_FUZZ_SEED", Random.Shared.Next());
        TestContext.Current.TestOutputHelper?.WriteLine($"AIGC2D_FUZZ_SEED={seed} AIGC2D_FUZZ_BODIES={Bodies}");
        var model = await suite.ModelAsync();
        var (account, key) = await suite.CustomerAsync(100_000_000_000);
        var bodies = new FuzzBodies(seed, [.. valid.Select(body => body.Replace("{model}", model, StringComparison.Ordinal))]);
        var address = path.Replace("{id}", Guid.CreateVersion7().ToString(), StringComparison.Ordinal);
        var statuses = new SortedDictionary<int, int>();

        for (var sent = 0; sent < Bodies; sent += AtOnce)
        {
            var batch = Enumerable.Range(0, AtOnce).Select(_ => bodies.Next()).ToArray();
            foreach (var status in await Task.WhenAll(batch.Select(body => SendAsync(method, address, key, body)))) statuses[status] = statuses.GetValueOrDefault(status) + 1;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {string.Join(", ", statuses.Select(status => $"{status.Key} × {status.Value}"))}");
        // A busy machine may close an admission (503), and a provider may refuse what the gateway lets pass (502).
        Assert.DoesNotContain(statuses.Keys, status => status is 500 or 501 or > 503);
        await Eventually.Equal(0L, async () => (await suite.PointsOfAsync(account)).Held, TimeSpan.FromSeconds(30));
    }

    private async Task<int> SendAsync(string method, string address, string key, byte[] body)
    {
        using var limit = new CancellationTokenSource(LongestAnswer);
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var answer = await suite.SendAsync(new HttpMethod(method), address, key, content, ct: limit.Token);
        var text = await answer.Content.ReadAsStringAsync(limit.Token);
        if (!answer.IsSuccessStatusCode) Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(text).RootElement.ValueKind);
        return (int)answer.StatusCode;
    }

    private static int FromEnvironment(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
