using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Aigc2d.Billing;
using Aigc2d.Contracts;
using Aigc2d.TestKit;
using Npgsql;

namespace Aigc2d.Benchmarks;

/// <summary>
/// How long balances, statements, usage and event pages take on a ledger with 1,000,000 charges, how fast and in how much memory they are exported,
/// and how long the audit of them takes. Fails when a balance or a statement takes 50 ms or more at the 99th percentile.
/// </summary>
internal static class StatementsBenchmark
{
    private const int Requests = 500;
    private const double LimitMilliseconds = 50;
    private const double Megabyte = 1024 * 1024;

    public static async Task<int> RunAsync(CancellationToken ct)
    {
        await using var servers = await TestServers.StartAsync();
        var settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings:billingdb"] = servers.NewDatabase(),
            ["ConnectionStrings:messaging"] = await servers.NewVirtualHostAsync(),
            ["Redemptions:Pepper"] = Convert.ToBase64String(new byte[32]),
        };
        await using var owner = NpgsqlDataSource.Create($"{settings["ConnectionStrings:billingdb"]};Command Timeout=1200");
        await using (var first = await ServiceUnderTest.StartAsync(BillingApp.Build, settings)) await PutPricesAsync(first.Client, ct);

        var started = Stopwatch.GetTimestamp();
        await SeedCharges.RunAsync(owner, ct);
        await SayAsync($"seeded {SeedCharges.Charges:N0} charges in {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s");

        await using var billing = await ServiceUnderTest.StartAsync(BillingApp.Build, settings);
        await CloseAsync(owner, ct);
        var isFast = await QueriesAsync(billing.Client, owner, ct);
        foreach (var query in new[] { "kind=entries&format=csv", "kind=charges&format=jsonl", "kind=events&format=jsonl" }) await ExportAsync(billing.Client, query, ct);
        await ReconcileAsync(billing.Client, ct);
        var isClean = await AuditAsync(settings["ConnectionStrings:billingdb"]!, ct);
        return isFast && isClean ? 0 : 1;
    }

    private static async Task PutPricesAsync(HttpClient client, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/admin/prices")
        {
            Content = JsonContent.Create(Enumerable.Range(0, 5).Select(n => new
            {
                model = $"model-{n}",
                effectiveFrom = "2020-01-01T00:00:00Z",
                inputMicropointsPer1k = 6_000_000,
                outputMicropointsPer1k = 8_000_000,
                contextTokens = 4096,
                maxOutputTokens = 4096,
            })),
        };
        request.Headers.Add(CallHeaders.Actor, "bench");
        using var answer = await client.SendAsync(request, ct);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>The service closes the months that are over when it starts.</summary>
    private static async Task CloseAsync(NpgsqlDataSource owner, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        await using var command = owner.CreateCommand("select (select coalesce(sum(statements), 0) from closed_months) from closed_months having max(month) + interval '2 months' > now() limit 1");
        await Eventually.True(async () => await command.ExecuteScalarAsync(ct) is not null, TimeSpan.FromMinutes(10));
        await SayAsync($"closed {await command.ExecuteScalarAsync(ct):N0} statements in {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s");
    }

    private static async Task<bool> QueriesAsync(HttpClient client, NpgsqlDataSource owner, CancellationToken ct)
    {
        await using var middle = owner.CreateCommand("select request_id::text from settlements where account_id = $1 order by request_id offset 500 limit 1");
        middle.Parameters.Add(new() { Value = SeedCharges.Hot });
        var deep = (string)(await middle.ExecuteScalarAsync(ct))!;
        var now = TimeProvider.System.GetUtcNow();
        var (running, closed) = ($"{now:yyyy-MM}", $"{now.AddDays(-now.Day):yyyy-MM}");
        var cool = (await client.GetFromJsonAsync<JsonElement>($"/finance/statements?month={closed}&limit=2", ct)).GetProperty("items")[1].GetProperty("accountId").GetString()!;

        var isFast = await MeasureAsync(client, "balance, hot account", SeedCharges.Hot.ToString(), $"/internal/accounts/{SeedCharges.Hot}/points", LimitMilliseconds, ct);
        isFast &= await MeasureAsync(client, "running month, hot account", SeedCharges.Hot.ToString(), $"/api/statements/{running}", LimitMilliseconds, ct);
        isFast &= await MeasureAsync(client, "closed month, hot account", SeedCharges.Hot.ToString(), $"/api/statements/{closed}", LimitMilliseconds, ct);
        isFast &= await MeasureAsync(client, "running month, another", cool, $"/api/statements/{running}", LimitMilliseconds, ct);
        isFast &= await MeasureAsync(client, "closed month, another", cool, $"/api/statements/{closed}", LimitMilliseconds, ct);
        await MeasureAsync(client, "list of months", cool, "/api/statements", double.MaxValue, ct);
        await MeasureAsync(client, "usage, first 50", SeedCharges.Hot.ToString(), "/api/usage", double.MaxValue, ct);
        await MeasureAsync(client, "usage, 50 after 199,500", SeedCharges.Hot.ToString(), $"/api/usage?after={deep}", double.MaxValue, ct);
        await MeasureAsync(client, "events, 1,000 after 900,000", cool, "/finance/events?after=900000&limit=1000", double.MaxValue, ct);
        await MeasureAsync(client, "finance, 100 closed", cool, $"/finance/statements?month={closed}", double.MaxValue, ct);
        await MeasureAsync(client, "finance, 100 running", cool, $"/finance/statements?month={running}", double.MaxValue, ct);
        return isFast;
    }

    private static async Task<bool> MeasureAsync(HttpClient client, string name, string account, string path, double limit, CancellationToken ct)
    {
        var times = new double[Requests];
        for (var i = -20; i < Requests; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add(CallHeaders.AccountId, account);
            var started = Stopwatch.GetTimestamp();
            using var answer = await client.SendAsync(request, ct);
            await answer.Content.ReadAsByteArrayAsync(ct);
            if (i >= 0) times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            answer.EnsureSuccessStatusCode();
        }

        Array.Sort(times);
        var (half, most) = (times[Requests / 2], times[Requests * 99 / 100]);
        await SayAsync($"{name,-28} p50 {half,7:F2} ms   p99 {most,7:F2} ms   load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}{(most < limit ? "" : $"   above {limit} ms")}");
        return most < limit;
    }

    private static async Task ExportAsync(HttpClient client, string query, CancellationToken ct)
    {
        GC.Collect();
        var (heapBefore, setBefore) = (GC.GetTotalMemory(forceFullCollection: true), Environment.WorkingSet);
        var (rows, bytes, heap, set) = (0L, 0L, 0L, 0L);
        var started = Stopwatch.GetTimestamp();
        await using var stream = await client.GetStreamAsync($"/finance/export?{query}", ct);
        var buffer = new byte[64 * 1024];
        while (await stream.ReadAsync(buffer, ct) is var length and > 0)
        {
            rows += buffer.AsSpan(0, length).Count((byte)'\n');
            if (bytes / (16 * Megabyte) < (bytes + length) / (16 * Megabyte)) (heap, set) = (Math.Max(heap, GC.GetTotalMemory(forceFullCollection: false)), Math.Max(set, Environment.WorkingSet));
            bytes += length;
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await SayAsync($"export {query}: {rows:N0} lines, {bytes / Megabyte:F0} MB in {seconds:F1} s, {rows / seconds:N0} lines/s");
        await SayAsync($"    heap {heapBefore / Megabyte:F0} to at most {heap / Megabyte:F0} MB, working set {setBefore / Megabyte:F0} to at most {set / Megabyte:F0} MB");
    }

    private static async Task ReconcileAsync(HttpClient client, CancellationToken ct)
    {
        var today = TimeProvider.System.GetUtcNow();
        var started = Stopwatch.GetTimestamp();
        var answer = await client.GetFromJsonAsync<JsonElement>($"/finance/reconciliation?from={today.AddDays(-90):yyyy-MM-dd}&to={today.AddDays(1):yyyy-MM-dd}", ct);
        var items = answer.GetProperty("items").EnumerateArray().ToList();
        await SayAsync($"reconciliation of {items.Sum(item => item.GetProperty("ledger").GetProperty("charges").GetInt64()):N0} charges, {items.Count} channel days in {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s");
    }

    /// <summary>Runs the audit as an operator does, and says which checks took longer than a second.</summary>
    private static async Task<bool> AuditAsync(string database, CancellationToken ct)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(BillingApp).Assembly.Location, "--audit"]) { RedirectStandardOutput = true };
        start.Environment["ConnectionStrings__billingdb"] = database;
        using var audit = Process.Start(start)!;
        var (began, last) = (Stopwatch.GetTimestamp(), Stopwatch.GetTimestamp());
        while (await audit.StandardOutput.ReadLineAsync(ct) is { } line)
        {
            if (Stopwatch.GetElapsedTime(last).TotalSeconds is > 1 and var seconds) await SayAsync($"audit {line}: {seconds:F1} s");
            else if (!line.StartsWith("ok", StringComparison.Ordinal)) await SayAsync($"audit {line}");
            last = Stopwatch.GetTimestamp();
        }

        await audit.WaitForExitAsync(ct);
        await SayAsync($"audit {(audit.ExitCode == 0 ? "clean" : "violated")} in {Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s");
        return audit.ExitCode == 0;
    }

    private static Task SayAsync(FormattableString line) => Console.Out.WriteLineAsync(line.ToString(CultureInfo.InvariantCulture));
}
