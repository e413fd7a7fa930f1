using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using Aigc2d.Contracts;
using Aigc2d.Gateway.Tests.Stands;
using Aigc2d.TestKit;

namespace Aigc2d.Gateway.Tests.Abuses;

/// <summary>
/// Random bodies and headers on every public route, over real connections, several at a time. How many for each route is a few hundred, or what
/// AIGC2D_FUZZ_BODIES says; the seed is printed, and AIGC2D_FUZZ_SEED repeats a run. No other test runs beside it, since the memory it looks at is the process's.
/// </summary>
[CollectionDefinition(nameof(RouteFuzz), DisableParallelization = true)]
[Collection(nameof(RouteFuzz))]
public sealed class RouteFuzz(ITestOutputHelper output)
{
    private const int FewBodies = 400;
    private const int FewBodiesWhereNoneIsRead = 40;
    private const int Callers = 8;
    private const int BodiesBetweenLooks = 5_000;
    private const int MostKeptBytes = 50_000_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly string[] ContentTypes = ["text/plain", "application/json; charset=utf-16", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json; charset=utf-8", "x", "/", ";"];
    private static readonly (string Name, string Value)[] OddHeaders =
    [
        ("Idempotency-Key", "k"), ("Idempotency-Key", "a b"), (CallHeaders.Region, "eu"), (CallHeaders.Region, "%0d%0a"), ("x-stainless-timeout", "600"), ("x-stainless-timeout", "-1"), ("anthropic-version", "2023-06-01"),
        ("anthropic-beta", ",,"), ("Origin", "https://x"), ("Accept", "text/event-stream"), ("Content-Encoding", "gzip"), ("Range", "bytes=0-"), ("x-request-id", "mine"), ("traceparent", "00-x"), ("If-None-Match", "*"),
    ];

    [Fact]
    public async Task No_body_on_any_public_route_makes_the_gateway_fail_hang_grow_or_leave_a_hold_open()
    {
        var wanted = Setting("AIGC2D_FUZZ_BODIES");
        var seed = Setting("AIGC2D_FUZZ_SEED") ?? Random.Shared.Next();
        output.WriteLine($"AIGC2D_FUZZ_SEED={seed} AIGC2D_FUZZ_BODIES={wanted}");

        // On a clock that stands still no deadline passes, so that a busy machine is not taken for a fault.
        await using var edge = await Edge.StartAsync(new TestClock());
        var customer = edge.Customer(principal => principal with { Plan = principal.Plan with { RequestsPerMinute = int.MaxValue, TokensPerMinute = int.MaxValue } });
        var statuses = new ConcurrentDictionary<(PublicPath, int), int>();
        var memory = new List<long>();
        foreach (var path in PublicPath.Of(edge))
        {
            var bodies = wanted ?? (path.TakesBody ? FewBodies : FewBodiesWhereNoneIsRead);
            for (var done = 0; done < bodies; done += BodiesBetweenLooks)
            {
                var part = Math.Min(BodiesBetweenLooks, bodies - done);
                await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => AttackAsync(edge, customer, path, HashCode(seed, path, done, caller), part / Callers, statuses)));
                await AssertEveryHoldIsAccountedForAsync(edge);
                edge.Siblings.Forget();
                memory.Add(GC.GetTotalMemory(forceFullCollection: true));
            }

            output.WriteLine($"{path}: {string.Join(", ", statuses.Where(status => status.Key.Item1 == path).OrderBy(status => status.Key.Item2).Select(status => $"{status.Key.Item2} × {status.Value}"))}; {memory[^1] / 1_000_000} MB");
        }

        foreach (var path in PublicPath.OfDialects(edge)) Assert.True(statuses.Keys.Any(status => status.Item1 == path && (status.Item2 is 200 or 404)) && statuses.ContainsKey((path, 400)), $"{path}: nothing was accepted, or nothing refused");
        Assert.DoesNotContain("UnhandledErrors", edge.Logs.ToString(), StringComparison.Ordinal);
        // The first rounds warm up; after them nothing is kept.
        Assert.InRange(memory[^1] - memory.Skip(2).Min(), 0, MostKeptBytes);
    }

    private static async Task AttackAsync(Edge edge, Customer customer, PublicPath path, int seed, int count, ConcurrentDictionary<(PublicPath, int), int> statuses)
    {
        var form = Array.Find(BodyForm.All, form => form.Path == path.Path);
        var bodies = new FuzzBodies(seed, form is null ? ["""{"name":"n","code":"c","scopes":["inference"],"expiresAt":null}"""] : [form.Least, form.Rich]);
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
        {
            var body = bodies.Next();
            using var content = new ByteArrayContent(body);
            content.Headers.TryAddWithoutValidation("Content-Type", random.Next(50) == 0 ? ContentTypes[random.Next(ContentTypes.Length)] : "application/json");
            using var request = new HttpRequestMessage(path.Method, path.Path + (random.Next(20) == 0 ? "?" + Uri.EscapeDataString(Convert.ToBase64String(body)[..Math.Min(100, body.Length)]) : "")) { Content = content };
            request.Headers.TransferEncodingChunked = random.Next(4) == 0;
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", customer.Key);
            if (random.Next(10) == 0)
            {
                var (name, value) = OddHeaders[random.Next(OddHeaders.Length)];
                if (!request.Headers.TryAddWithoutValidation(name, value)) content.Headers.TryAddWithoutValidation(name, value);
            }

            var status = await StatusOfAsync(edge, path, request);
            Assert.True(status < 500, $"{path}: {status}, seed {seed}, body {i}: {Convert.ToBase64String(body)}");
            statuses.AddOrUpdate((path, status), 1, (_, n) => n + 1);
        }
    }

    private static async Task<int> StatusOfAsync(Edge edge, PublicPath path, HttpRequestMessage request)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var answer = await edge.Public.SendAsync(request, patience.Token);
        var status = (int)answer.StatusCode;
        var text = await answer.Content.ReadAsStringAsync(patience.Token);
        // What is not found behind a self-service route is its owner's to say, and the stand-ins say it without words.
        var isOwners = !path.IsOfDialect && status == 404;
        if (status >= 400 && !isOwners) Assert.True(Answers.IsSpeltFor(SpokenOn(path, request), text), $"{path}: {text}");
        Assert.Equal(7, Guid.Parse(answer.Header("x-request-id")!).Version);
        return status;
    }

    // Both families ask for models under one path; a version tells which of them does.
    private static PublicPath SpokenOn(PublicPath path, HttpRequestMessage request) =>
        path.Path.StartsWith("/v1/models", StringComparison.Ordinal) && request.Headers.Contains("anthropic-version") ? new(path.Method, "/v1/messages") : path;

    /// <summary>Each hold has gone to the provider with its call, or is released.</summary>
    private static Task AssertEveryHoldIsAccountedForAsync(Edge edge) => Eventually.Equal(0, () =>
    {
        var holds = edge.Siblings.Billing.Holds.Select(hold => hold.RequestId).ToHashSet();
        holds.ExceptWith(edge.Siblings.Adapters.Requests.Where(asked => asked.Headers.ContainsKey(CallHeaders.RequestId)).Select(asked => Guid.Parse(asked.Headers[CallHeaders.RequestId])));
        holds.ExceptWith(edge.Siblings.Billing.Releases.Select(release => release.RequestId));
        return Task.FromResult(holds.Count);
    });

    private static int HashCode(int seed, PublicPath path, int done, int caller) => unchecked((seed * 31) + (path.ToString().Sum(c => c) * 7919) + done + (caller * 104_729));

    private static int? Setting(string name) => int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
