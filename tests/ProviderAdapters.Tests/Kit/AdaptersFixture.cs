using System.Collections.Concurrent;
using Aigc2d.ProviderAdapters.Tests.Kit;
using Aigc2d.ProviderAdapters.Usage;
using Aigc2d.Sandbox;
using Aigc2d.TestKit;
using Microsoft.AspNetCore.Builder;

[assembly: AssemblyFixture(typeof(AdaptersFixture))]

namespace Aigc2d.ProviderAdapters.Tests.Kit;

/// <summary>PostgreSQL, RabbitMQ, a Sandbox, the peers and one ProviderAdapters that all tests share; some start another with settings of its own.</summary>
public sealed class AdaptersFixture : IAsyncLifetime
{
    public const string CredentialsKey = "dGVzdC1jcmVkZW50aWFscy1rZXktMzItYnl0ZXMhISE=";

    private readonly List<IAsyncDisposable> _running = [];
    private readonly ConcurrentDictionary<string, Lazy<Task<AdaptersHost>>> _shared = new(StringComparer.Ordinal);
    private TestServers? _servers;
    private string _messaging = "";

    public Peers Peers { get; } = new();

    public ServiceUnderTest Sandbox { get; private set; } = null!;

    /// <summary>The instance with the limits as they are shipped.</summary>
    public AdaptersHost Adapters { get; private set; } = null!;

    private ServiceUnderTest PeersService { get; set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _servers = await TestServers.StartAsync();
        _messaging = await _servers.NewVirtualHostAsync();
        Sandbox = Keep(await ServiceUnderTest.StartAsync(SandboxApp.Build, new Dictionary<string, string?>()));
        PeersService = Keep(await ServiceUnderTest.StartAsync(Peers.Build, new Dictionary<string, string?> { ["ConnectionStrings:messaging"] = _messaging }));
        Adapters = await StartAsync();
    }

    public string NewDatabase() => _servers!.NewDatabase();

    /// <summary>Another instance, on a database of its own unless one is given; a test may stop it, the end of the run does.</summary>
    public async Task<AdaptersHost> StartAsync(Dictionary<string, string?>? settings = null, string? database = null, Action<WebApplicationBuilder>? configure = null)
    {
        database ??= NewDatabase();
        var all = new Dictionary<string, string?>
        {
            ["ConnectionStrings:adaptersdb"] = database,
            ["ConnectionStrings:messaging"] = _messaging,
            ["services:moderation:http:0"] = PeersService.BaseAddress.ToString(),
            ["services:billing:http:0"] = PeersService.BaseAddress.ToString(),
            ["Credentials:Key"] = CredentialsKey,
            ["Calls:DrainLimit"] = "00:00:01",
            ["ProviderKeys:AllowedHosts:0"] = Sandbox.BaseAddress.ToString(),
            // The same channel is asked again without making a test wait.
            ["Routing:ShortestDelay"] = "00:00:00.001",
            ["Routing:LongestDelay"] = "00:00:00.005",
        };
        foreach (var (key, value) in settings ?? []) all[key] = value;
        var service = await ServiceUnderTest.StartAsync(ProviderAdaptersApp.Build, all, configure);
        return Keep(new AdaptersHost(service, database, Sandbox));
    }

    /// <summary>An instance with these settings that all tests share who ask for them; nobody stops it.</summary>
    public Task<AdaptersHost> SharedAsync(Dictionary<string, string?> settings)
    {
        var key = string.Join('\n', settings.OrderBy(setting => setting.Key, StringComparer.Ordinal));
        return _shared.GetOrAdd(key, _ => new Lazy<Task<AdaptersHost>>(() => StartAsync(settings))).Value;
    }

    /// <summary>Asks for a stream that waits at a gate of the Sandbox, opens it once the client has seen the words, and reads to the end.</summary>
    public async Task<Answer> AskThroughGateAsync(TestCall call, string gate, string words)
    {
        await using var running = await Adapters.StartAsync(call);
        await running.ReadUntilAsync(words);
        await OpenGateAsync(gate);
        return await running.ReadAsync();
    }

    /// <summary>Lets answers of the Sandbox that wait at a gate go on.</summary>
    public async Task OpenGateAsync(string gate)
    {
        using var response = await Sandbox.Client.PostAsync(new Uri($"/sandbox/gates/{gate}/open", UriKind.Relative), null);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>The usage row is there, all of it as expected, and was announced once.</summary>
    /// <param name="expected">The row.</param>
    /// <param name="adapters">Who recorded it; the shared instance by default.</param>
    /// <param name="refusal">What was announced of a refusal by the provider's content rules; nothing by default.</param>
    public async Task AssertRecordedAsync(UsageRow expected, AdaptersHost? adapters = null, string? refusal = null)
    {
        await Eventually.Equal(expected, () => (adapters ?? Adapters).UsageOfAsync(expected.RequestId));
        await Eventually.True(() => Peers.Usages.Any(usage => usage.RequestId == expected.RequestId));
        var announced = Assert.Single(Peers.Usages, usage => usage.RequestId == expected.RequestId);
        Assert.Equal(expected.ToMessage(), announced with { EndedAt = default });
        if (refusal is not null) await Eventually.True(() => Peers.Refusals.Any(refused => refused.RequestId == expected.RequestId));
        Assert.Equal((expected with { Refusal = refusal }).ToRefusal(), Peers.Refusals.SingleOrDefault(refused => refused.RequestId == expected.RequestId) is { } told ? told with { EndedAt = default } : null);
    }

    public async ValueTask DisposeAsync()
    {
        // Together: each may wait out its drain.
        await Task.WhenAll(_running.Select(running => running.DisposeAsync().AsTask()));
        if (_servers is not null) await _servers.DisposeAsync();
    }

    private T Keep<T>(T running)
        where T : IAsyncDisposable
    {
        lock (_running) _running.Add(running);
        return running;
    }
}
