using System.Net.Http.Headers;
using System.Text;
using Aigc2d.Contracts.Accounts;
using Aigc2d.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Aigc2d.Gateway.Tests.Stands;

/// <summary>A running gateway with everything behind it stood in.</summary>
public sealed class Edge : IAsyncDisposable
{
    public const string AdminKey = "test-operator-key-0001";
    public const string OtherAdminKey = "test-operator-key-0002";
    public const string FinanceKey = "test-the-finance-key-01";
    public const string Hello = """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello, world!"}]}""";
    private const string NoBroker = "amqp://nobody:nothing@127.0.0.1:1";

    private readonly ServiceUnderTest _service;

    private Edge(ServiceUnderTest service, Siblings siblings, int adminPort)
    {
        _service = service;
        Siblings = siblings;
        Public = new HttpClient(NewHandler()) { BaseAddress = service.BaseAddress };
        Admin = new HttpClient(NewHandler()) { BaseAddress = new Uri($"http://127.0.0.1:{adminPort}") };
    }

    public Siblings Siblings { get; }

    /// <summary>A client of the public listener, without a key.</summary>
    public HttpClient Public { get; }

    /// <summary>A client of the admin listener, without a key.</summary>
    public HttpClient Admin { get; }

    public IServiceProvider Services => _service.Services;

    public LogBuffer Logs => _service.Logs;

    /// <param name="clock">The gateway's clock; the real one by default.</param>
    /// <param name="settings">Configuration that differs.</param>
    public static async Task<Edge> StartAsync(TestClock? clock = null, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var siblings = await Siblings.StartAsync();
        while (true)
        {
            var adminPort = TestSockets.FreePort();
            try
            {
                return new(await ServiceUnderTest.StartAsync(GatewayApp.Build, SettingsFor(siblings, adminPort, settings), WithClock), siblings, adminPort);
            }
            catch (IOException exception) when (exception.InnerException is AddressInUseException)
            {
                // Another test process took the port in the meantime.
            }
        }

        void WithClock(WebApplicationBuilder builder)
        {
            if (clock is not null) builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
        }
    }

    /// <summary>Gives a new customer a key that Accounts knows.</summary>
    public Customer Customer(Func<Principal, Principal>? with = null)
    {
        var plan = new PlanLimits { Name = "free", RequestsPerMinute = 10_000, TokensPerMinute = 10_000_000, ConcurrentCalls = 1_000, MultiplierPpm = 1_000_000 };
        var principal = new Principal
        {
            AccountId = Guid.CreateVersion7(),
            KeyId = Guid.CreateVersion7(),
            Scopes = ["inference", "account"],
            Standing = new Standing { State = "active" },
            Plan = plan,
        };
        var customer = new Customer($"AIGC2D-{Guid.CreateVersion7()}", with?.Invoke(principal) ?? principal);
        Siblings.Accounts.Keys[customer.Key] = customer.Principal;
        return customer;
    }

    /// <summary>Sends a request to the public listener.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? key, HttpContent? content = null, Action<HttpRequestHeaders>? headers = null) =>
        SendAsync(Public, method, path, key, content, headers);

    /// <summary>Asks for a completion; the answer's head is enough to return.</summary>
    public Task<HttpResponseMessage> ChatAsync(Customer customer, string body = Hello, Action<HttpRequestHeaders>? headers = null) =>
        SendAsync(HttpMethod.Post, "/v1/chat/completions", customer.Key, Json(body), headers);

    public Task<HttpResponseMessage> AdminAsync(HttpMethod method, string path, string? key = AdminKey, HttpContent? content = null, Action<HttpRequestHeaders>? headers = null) =>
        SendAsync(Admin, method, path, key, content, headers);

    public static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    /// <summary>Asserts that no request has gone further than to the check of its key: nothing is held, screened or forwarded.</summary>
    public void AssertNobodyWasAsked()
    {
        StandIn[] all = [Siblings.Accounts, Siblings.Billing, Siblings.Adapters, Siblings.Moderation];
        Assert.Equal([], all.SelectMany(standIn => standIn.Requests).Select(asked => asked.Target).Where(target => target is not ("/internal/changes" or "/internal/keys/verify")));
    }

    public async ValueTask DisposeAsync()
    {
        Public.Dispose();
        Admin.Dispose();
        await _service.DisposeAsync();
        await Siblings.DisposeAsync();
    }

    private static Dictionary<string, string?> SettingsFor(Siblings siblings, int adminPort, IReadOnlyDictionary<string, string?>? settings)
    {
        var all = new Dictionary<string, string?>
        {
            ["services:accounts:http:0"] = siblings.Accounts.Address!.ToString(),
            ["services:billing:http:0"] = siblings.Billing.Address!.ToString(),
            ["services:moderation:http:0"] = siblings.Moderation.Address!.ToString(),
            ["services:adapters:http:0"] = siblings.Adapters.Address!.ToString(),
            ["ConnectionStrings:messaging"] = NoBroker,
            ["Admin:Port"] = $"{adminPort}",
            ["Admin:Keys:0:Name"] = "ada",
            ["Admin:Keys:0:Key"] = AdminKey,
            ["Admin:Keys:1:Name"] = "bob",
            ["Admin:Keys:1:Key"] = OtherAdminKey,
            ["Admin:FinanceKey"] = FinanceKey,
            ["Idempotency:Key"] = "aWRlbXBvdGVuY3kta2V5LW9mLXRoZS10ZXN0cy0zMmI=",
            ["Drain:Notice"] = "00:00:00",
        };
        foreach (var (name, value) in settings ?? new Dictionary<string, string?>()) all[name] = value;

        return all;
    }

    // An answer that is let go closes its connection at once.
    private static SocketsHttpHandler NewHandler() => new() { ResponseDrainTimeout = TimeSpan.Zero };

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string path, string? key, HttpContent? content, Action<HttpRequestHeaders>? headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        headers?.Invoke(request.Headers);
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}

/// <summary>Somebody with a key.</summary>
public sealed record Customer(string Key, Principal Principal);
