using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Aigc2d.Billing;
using Aigc2d.Billing.Audit;
using Aigc2d.Contracts;
using Aigc2d.TestKit;
using Npgsql;

namespace Aigc2d.Benchmarks;

/// <summary>Billing in this process, as it is deployed, on a PostgreSQL and a RabbitMQ of its own.</summary>
internal sealed class BillingUnderLoad : IAsyncDisposable
{
    private const int Probes = 200;
    private static readonly string[] Durability = ["fsync", "synchronous_commit", "full_page_writes"];

    private readonly TestServers _servers;
    private readonly ServiceUnderTest _billing;

    private BillingUnderLoad(TestServers servers, ServiceUnderTest billing, NpgsqlDataSource owner)
    {
        _servers = servers;
        _billing = billing;
        Owner = owner;
    }

    public IServiceProvider Services => _billing.Services;

    /// <summary>Connections of the database's owner.</summary>
    public NpgsqlDataSource Owner { get; }

    public static async Task<BillingUnderLoad> StartAsync()
    {
        var servers = await TestServers.StartAsync();
        try
        {
            var database = servers.NewDatabase();
            var billing = await ServiceUnderTest.StartAsync(BillingApp.Build, new Dictionary<string, string?>
            {
                ["ConnectionStrings:billingdb"] = database,
                ["ConnectionStrings:messaging"] = await servers.NewVirtualHostAsync(),
                ["Redemptions:Pepper"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
            });
            return new(servers, billing, NpgsqlDataSource.Create($"{database};Command Timeout=120"));
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Owner.DisposeAsync();
        await _billing.DisposeAsync();
        await _servers.DisposeAsync();
    }

    /// <summary>What the server runs with. A server that may lose commits measures nothing and is refused.</summary>
    public async Task<string> ServerAsync(CancellationToken ct)
    {
        var settings = new List<string>();
        foreach (var name in Durability)
        {
            var value = await ScalarAsync<string>($"show {name}", ct);
            if (value != "on") throw new InvalidOperationException($"PostgreSQL runs with {name} = {value}: its commits are not durable, so nothing was measured.");
            settings.Add($"{name} {value}");
        }

        var version = await ScalarAsync<string>("show server_version", ct);
        var flush = await MedianAsync("select pg_logical_emit_message(true, 'bench', 'x')", ct) - await MedianAsync("select 1", ct);
        return string.Create(CultureInfo.InvariantCulture,
            $"PostgreSQL {version.Split(' ')[0]}, {string.Join(", ", settings)}; a commit's flush takes {flush.TotalMilliseconds:0.00} ms; {Environment.ProcessorCount} processors, load {LoadAverage()}");
    }

    /// <summary>Puts a price of 6 and 8 points per 1,000 tokens on a model.</summary>
    public Task PutPriceAsync(string model, CancellationToken ct) => SendAsync(HttpMethod.Put, "/admin/prices", new[]
    {
        new { model, inputMicropointsPer1k = 6_000_000, outputMicropointsPer1k = 8_000_000, contextTokens = 8192, maxOutputTokens = 4096 },
    }, ct);

    /// <summary>Accounts with a million points each.</summary>
    public async Task<Guid[]> CustomersAsync(int count, CancellationToken ct)
    {
        var accounts = Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7()).ToArray();
        await Parallel.ForEachAsync(accounts, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = ct }, async (account, stop) =>
            await SendAsync(HttpMethod.Post, $"/admin/accounts/{account}/points", new { micropoints = 1_000_000_000_000, reason = "benchmark" }, stop));
        return accounts;
    }

    /// <summary>Waits until finance has been told everything, so that one measurement does not pay for the one before it.</summary>
    public async Task DrainFeedAsync(CancellationToken ct)
    {
        var patience = Stopwatch.StartNew();
        while (await ScalarAsync<long>(Unpublished, ct) > 0)
        {
            if (patience.Elapsed > TimeSpan.FromSeconds(60)) throw new TimeoutException("The finance feed did not catch up within a minute.");
            await Task.Delay(20, ct);
        }
    }

    public Task<bool> AuditAsync(TextWriter output) => RunAudit.RunAsync(Owner, output);

    private static string LoadAverage() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    private async Task SendAsync<T>(HttpMethod method, string path, T body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = JsonContent.Create(body) };
        request.Headers.Add(CallHeaders.Actor, "benchmark");
        using var response = await _billing.Client.SendAsync(request, ct);
        if (!response.IsSuccessStatusCode) throw new HttpRequestException($"{method} {path} answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(ct)}");
    }

    private async Task<TimeSpan> MedianAsync(string sql, CancellationToken ct)
    {
        await using var connection = await Owner.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.PrepareAsync(ct);
        var times = new TimeSpan[Probes];
        for (var i = 0; i < Probes; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await command.ExecuteNonQueryAsync(ct);
            times[i] = Stopwatch.GetElapsedTime(started);
        }

        Array.Sort(times);
        return times[Probes / 2];
    }

    private async Task<T> ScalarAsync<T>(string sql, CancellationToken ct)
    {
        await using var command = Owner.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(ct))!;
    }

    private const string Unpublished = """
        select (select count(*) from billing_event_queue) + coalesce((select max(position) from billing_event_positions), 0) - (select published_position from billing_feed_cursor)
        """;
}
