using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aigc2d.Billing.Audit;
using Aigc2d.Billing.Forfeitures;
using Aigc2d.Billing.Holds;
using Aigc2d.Billing.Settlements;
using Aigc2d.Billing.Tests.FinanceFeed;
using Aigc2d.Contracts;
using Aigc2d.Contracts.Billing;
using Aigc2d.Contracts.Providers;
using Aigc2d.ServiceDefaults.Postgres;
using Aigc2d.TestKit;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

[assembly: AssemblyFixture(typeof(Aigc2d.Billing.Tests.BillingFixture))]

namespace Aigc2d.Billing.Tests;

/// <summary>Billing with its own servers, and what tests want from it. Every run ends with a clean audit or fails.</summary>
public sealed class BillingFixture : IAsyncLifetime
{
    public const string Model = "gpt-3.5-turbo";
    public const long Point = 1_000_000;
    public const string RedemptionPepper = "cmVkZW1wdGlvbi1wZXBwZXItb2YtdGhlLXRlc3RzLTMyYg==";

    private TestServers? _servers;
    private bool _ownsServers;
    private ServiceUnderTest? _billing;

    public string Database { get; private set; } = null!;

    public string Broker { get; private set; } = null!;

    public HttpClient Client => _billing!.Client;

    internal HoldPlacement Placement => _billing!.Services.GetRequiredService<HoldPlacement>();

    internal HoldRelease Release => _billing!.Services.GetRequiredService<HoldRelease>();

    internal Settlement Settlement => _billing!.Services.GetRequiredService<Settlement>();

    internal ExpireHolds Sweeper => ActivatorUtilities.CreateInstance<ExpireHolds>(_billing!.Services);

    internal ForfeitureLedger Forfeitures => _billing!.Services.GetRequiredService<ForfeitureLedger>();

    internal AdvanceForfeitures Advance => ActivatorUtilities.CreateInstance<AdvanceForfeitures>(_billing!.Services);

    public IServiceProvider Services => _billing!.Services;

    public NpgsqlDataSource Owner => _billing!.Services.GetRequiredKeyedService<NpgsqlDataSource>(PostgresExtensions.Maintenance);

    public NpgsqlDataSource App => _billing!.Services.GetRequiredService<NpgsqlDataSource>();

    public async ValueTask InitializeAsync()
    {
        _ownsServers = true;
        await StartOnAsync(await TestServers.StartAsync());
    }

    /// <summary>Another ledger on the same servers, which no other test touches.</summary>
    public async Task<BillingFixture> AnotherAsync()
    {
        var another = new BillingFixture();
        await another.StartOnAsync(_servers!);
        return another;
    }

    private async Task StartOnAsync(TestServers servers)
    {
        _servers = servers;
        Database = servers.NewDatabase();
        Broker = await servers.NewVirtualHostAsync();
        _billing = await StartAsync();

        // The published prices: 6 points in and 8 points out per 1,000 tokens, 4,096 tokens of context.
        await PutPriceAsync(Model, input: 6 * Point, output: 8 * Point);
    }

    public Task<ServiceUnderTest> StartAsync() => ServiceUnderTest.StartAsync(BillingApp.Build, Settings(Database, Broker));

    /// <summary>Another process of Billing on the same database, with a setting that differs.</summary>
    public Task<ServiceUnderTest> StartAsync(string setting, string value) =>
        ServiceUnderTest.StartAsync(BillingApp.Build, new Dictionary<string, string?>(Settings(Database, Broker)) { [setting] = value });

    /// <summary>Billing on a database of its own, marked as one whose clock tests may move.</summary>
    public async Task<ServiceUnderTest> StartOnNewDatabaseAsync(Action<WebApplicationBuilder> configure)
    {
        var service = await ServiceUnderTest.StartAsync(BillingApp.Build, Settings(_servers!.NewDatabase(), await _servers.NewVirtualHostAsync()), configure);
        await using var mark = service.Services.GetRequiredKeyedService<NpgsqlDataSource>(PostgresExtensions.Maintenance).CreateCommand("insert into test_databases default values");
        await mark.ExecuteNonQueryAsync();
        return service;
    }

    private static Dictionary<string, string?> Settings(string database, string broker) => new()
    {
        ["ConnectionStrings:billingdb"] = database,
        ["ConnectionStrings:messaging"] = broker,
        ["Redemptions:Pepper"] = RedemptionPepper,
    };

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_billing is not null) await AssertAuditIsCleanAsync();
            if (_billing is not null) await FeedDocument.AssertDescribesAllAsync(Owner);
        }
        finally
        {
            if (_billing is not null) await _billing.DisposeAsync();
            if (_servers is not null && _ownsServers) await _servers.DisposeAsync();
        }
    }

    public async Task AssertAuditIsCleanAsync(string? trace = null)
    {
        await using var report = new StringWriter();
        Assert.True(await RunAudit.RunAsync(Owner, report), $"{report} {trace}");
    }

    public async Task<int> PutPriceAsync(string model, long input, long output, long? cached = null, int context = 4096, int maxOutput = 4096, int? hold = null, DateTimeOffset? from = null)
    {
        using var request = Admin(HttpMethod.Put, "/admin/prices", new[]
        {
            new
            {
                model,
                effectiveFrom = from,
                inputMicropointsPer1k = input,
                outputMicropointsPer1k = output,
                cachedInputMicropointsPer1k = cached,
                contextTokens = context,
                maxOutputTokens = maxOutput,
                holdOutputTokens = hold,
            },
        });
        using var response = await Client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("priceVersion").GetInt32();
    }

    /// <summary>An account with points.</summary>
    public async Task<Guid> CustomerAsync(long micropoints)
    {
        var account = Guid.CreateVersion7();
        using var request = Admin(HttpMethod.Post, $"/admin/accounts/{account}/points", new { micropoints, reason = "opening balance" });
        using var response = await Client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return account;
    }

    /// <summary>Bans an account; its points move away when its calls have ended.</summary>
    public async Task SealAsync(Guid account)
    {
        var order = new ForfeitureOrder(account, Guid.CreateVersion7(), [Guid.CreateVersion7()], "a ban", "alice");
        Assert.Equal(ForfeitureOutcome.Done, (await Forfeitures.OrderAsync(order, CancellationToken.None)).Outcome);
    }

    /// <summary>Sends a request as an admin and answers what came back.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Body)> AskAsync(HttpMethod method, string path, object? body = null, string actor = "alice")
    {
        using var request = Admin(method, path, body, actor);
        using var response = await Client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    /// <summary>Writes around every trigger, as only the owner of the database can.</summary>
    public async Task<int> TamperAsync(string sql, params object[] values)
    {
        await using var connection = await Owner.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var around = new NpgsqlCommand("set local session_replication_role = replica", connection)) await around.ExecuteNonQueryAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        var rows = await command.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
        return rows;
    }

    public static HttpRequestMessage Admin(HttpMethod method, string path, object? body = null, string actor = "alice")
    {
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add(CallHeaders.Actor, actor);
        return request;
    }

    /// <summary>A request for a hold; by default of 100 tokens in and at most 50 out: 0.6 + 0.4 points.</summary>
    public static PlaceHold Hold(Guid account, int input = 100, int? output = 50, string model = Model, Guid? requestId = null) => new()
    {
        RequestId = requestId ?? Guid.CreateVersion7(),
        AccountId = account,
        KeyId = account,
        Model = model,
        InputTokens = input,
        MaxOutputTokens = output,
        MultiplierPpm = 1_000_000,
    };

    public static UsageRecorded Usage(PlaceHold hold, int input, int output, EndCause cause = EndCause.Completed) => new()
    {
        RequestId = hold.RequestId,
        AccountId = hold.AccountId,
        KeyId = hold.KeyId,
        Model = hold.Model,
        Provider = "openai",
        ChannelId = Guid.CreateVersion7(),
        EndCause = cause,
        InputTokens = input,
        OutputTokens = output,
        EndedAt = TimeProvider.System.GetUtcNow(),
    };

    public async Task<HoldOutcome> PlaceAsync(PlaceHold hold) => (await Placement.SubmitAsync(hold, CancellationToken.None)).Outcome;

    public async Task<PointsResponse> PointsOfAsync(Guid account) => (await Client.GetFromJsonAsync<PointsResponse>(new Uri($"/internal/accounts/{account}/points", UriKind.Relative)))!;

    /// <summary>Sends a message as ProviderAdapters does.</summary>
    public Task PublishAsync<T>(T message)
        where T : class => _billing!.Services.GetRequiredService<IBus>().Publish(message);

    /// <summary>Balance and held, micropoints.</summary>
    public async Task<(long Balance, long Held)> StandAsync(Guid account)
    {
        var points = await PointsOfAsync(account);
        return (points.BalanceMicropoints, points.HeldMicropoints);
    }

    public async Task<long> CountAsync(string sql)
    {
        await using var command = Owner.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>All of an account's events that have a position, in order.</summary>
    public async Task<JsonElement[]> EventsOfAsync(Guid account) => [.. (await EventsAsync()).Where(e => e.GetProperty("subject").GetString() == account.ToString())];

    /// <summary>All events that have a position, in order.</summary>
    public async Task<JsonElement[]> EventsAsync()
    {
        var all = new List<JsonElement>();
        for (long after = 0; ;)
        {
            var page = await Client.GetFromJsonAsync<JsonElement>(new Uri($"/finance/events?after={after}&limit=10000", UriKind.Relative));
            var events = page.GetProperty("events").EnumerateArray().ToArray();
            if (events.Length == 0) return [.. all];

            all.AddRange(events);
            after = page.GetProperty("next").GetInt64();
        }
    }
}
