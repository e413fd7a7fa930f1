using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using Aigc2d.Contracts;
using Aigc2d.Contracts.Accounts;
using Aigc2d.ServiceDefaults;
using Aigc2d.ServiceDefaults.Messaging;
using Aigc2d.ServiceDefaults.Postgres;
using Aigc2d.TestKit;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

[assembly: AssemblyFixture(typeof(Aigc2d.Accounts.Tests.AccountsFixture))]

namespace Aigc2d.Accounts.Tests;

/// <summary>Accounts with its own servers, somebody who hears its announcements, and what tests want from them.</summary>
public sealed class AccountsFixture : IAsyncLifetime
{
    public static readonly string Pepper = Convert.ToBase64String(Enumerable.Range(1, 32).Select(i => (byte)i).ToArray());

    private readonly ConcurrentQueue<PrincipalChanged> _heard = new();
    private readonly ConcurrentQueue<PlanChanged> _heardOfPlans = new();
    private TestServers? _servers;
    private ServiceUnderTest? _accounts;
    private ServiceUnderTest? _listener;
    private string _database = "";
    private string _broker = "";

    public ServiceUnderTest Service => _accounts!;

    public NpgsqlDataSource Owner => Service.Services.GetRequiredKeyedService<NpgsqlDataSource>(PostgresExtensions.Maintenance);

    public NpgsqlDataSource App => Service.Services.GetRequiredService<NpgsqlDataSource>();

    public async ValueTask InitializeAsync()
    {
        _servers = await TestServers.StartAsync();
        _database = _servers.NewDatabase();
        _broker = await _servers.NewVirtualHostAsync();
        _accounts = await StartAsync();
        _listener = await ServiceUnderTest.StartAsync(BuildListener, new Dictionary<string, string?> { ["ConnectionStrings:messaging"] = _broker });

        // Announcements made before the listener's queue is bound are not for it.
        await Eventually.True(async () =>
        {
            await CustomerAsync();
            return !_heard.IsEmpty;
        });
    }

    /// <summary>Another Accounts with a database of its own.</summary>
    public Task<ServiceUnderTest> StartApartAsync() => StartAsync(new() { ["ConnectionStrings:accountsdb"] = _servers!.NewDatabase() });

    /// <summary>Another Accounts on the same database, with other settings or a clock of its own.</summary>
    public Task<ServiceUnderTest> StartAsync(Dictionary<string, string?>? settings = null, TimeProvider? clock = null) => ServiceUnderTest.StartAsync(
        AccountsApp.Build,
        new Dictionary<string, string?>(settings ?? [])
        {
            ["ConnectionStrings:accountsdb"] = settings?.GetValueOrDefault("ConnectionStrings:accountsdb") ?? _database,
            ["ConnectionStrings:messaging"] = _broker,
            ["Keys:Pepper"] = settings?.GetValueOrDefault("Keys:Pepper") ?? Pepper,
        },
        builder => builder.Services.AddSingleton(clock ?? TimeProvider.System));

    public async ValueTask DisposeAsync()
    {
        if (_listener is not null) await _listener.DisposeAsync();
        if (_accounts is not null) await _accounts.DisposeAsync();
        if (_servers is not null) await _servers.DisposeAsync();
    }

    /// <summary>A new account and its first key.</summary>
    public async Task<Customer> CustomerAsync(string? name = null)
    {
        var (status, body) = await SendAsync(HttpMethod.Post, "/admin/accounts", new { name = name ?? $"customer {Guid.CreateVersion7()}" });
        Assert.Equal(201, status);
        return new Customer(body.GetProperty("id").GetGuid(), body.GetProperty("key").GetProperty("id").GetGuid(), body.GetProperty("key").GetProperty("key").GetString()!);
    }

    public async Task<Principal?> VerifyAsync(string key, ServiceUnderTest? service = null)
    {
        using var response = await (service ?? Service).Client.PostAsJsonAsync("/internal/keys/verify", new VerifyKeyRequest { Key = key }, ContractsJson.Default.VerifyKeyRequest);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync(ContractsJson.Default.VerifyKeyResponse))!.Principal;
    }

    public async Task<long> CounterAsync() => (await Service.Client.GetFromJsonAsync("/internal/changes", ContractsJson.Default.ChangesResponse))!.Counter;

    /// <summary>The announcements heard so far about an account, by key.</summary>
    public Guid?[] Heard(Guid accountId) => [.. _heard.Where(m => m.AccountId == accountId).Select(m => m.KeyId)];

    /// <summary>How often a change of a plan has been announced so far.</summary>
    public int HeardOfPlan(string plan) => _heardOfPlans.Count(m => m.Plan == plan);

    public Task<(int Status, JsonElement Body)> SendAsync(HttpMethod method, string path, object? body = null, Guid? account = null, params (string Name, string Value)[] headers) =>
        SendTextAsync(method, path, body is null ? null : JsonSerializer.Serialize(body), account, headers);

    public static async Task<JsonElement> GetAsync(ServiceUnderTest service, string path) => await service.Client.GetFromJsonAsync<JsonElement>(path);

    public async Task<(int Status, JsonElement Body)> SendTextAsync(HttpMethod method, string path, string? body, Guid? account = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null) request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        if (account is not null) request.Headers.Add(CallHeaders.AccountId, account.ToString());
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        using var response = await Service.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }

    private WebApplication BuildListener(string[] args, Action<WebApplicationBuilder>? configure)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults("listener");
        builder.AddMessaging(bus =>
        {
            bus.AddTransientConsumer<Listener>();
            bus.AddTransientConsumer<PlanListener>();
        });
        builder.Services.AddSingleton(_heard);
        builder.Services.AddSingleton(_heardOfPlans);
        configure?.Invoke(builder);
        return builder.Build();
    }

    private sealed class Listener(ConcurrentQueue<PrincipalChanged> heard) : IConsumer<PrincipalChanged>
    {
        public Task Consume(ConsumeContext<PrincipalChanged> context)
        {
            heard.Enqueue(context.Message);
            return Task.CompletedTask;
        }
    }

    private sealed class PlanListener(ConcurrentQueue<PlanChanged> heard) : IConsumer<PlanChanged>
    {
        public Task Consume(ConsumeContext<PlanChanged> context)
        {
            heard.Enqueue(context.Message);
            return Task.CompletedTask;
        }
    }
}

/// <summary>An account, and its first key.</summary>
public sealed record Customer(Guid Id, Guid KeyId, string Key);
