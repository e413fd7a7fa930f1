using System.Net.Http.Headers;
using System.Text;
using Npgsql;

namespace Aigc2d.TestKit;

/// <summary>One private PostgreSQL and one private RabbitMQ for a test project. They end with it, also when its tests fail.</summary>
public sealed class TestServers : IAsyncDisposable
{
    private const string User = "aigc2d";
    private const string Password = "test-password";

    private readonly string _folder;
    private readonly LocalServer _postgres;
    private readonly LocalServer _rabbit;
    private readonly int _rabbitPort;
    private int _count;

    private TestServers(string folder, LocalServer postgres, int postgresPort, LocalServer rabbit, int rabbitPort)
    {
        _folder = folder;
        _postgres = postgres;
        _rabbit = rabbit;
        _rabbitPort = rabbitPort;
        PostgresConnection = $"Host=127.0.0.1;Port={postgresPort};Username={User};Password={Password}";
    }

    /// <summary>The server's connection string, without a database.</summary>
    public string PostgresConnection { get; }

    /// <summary>Starts both servers; about five seconds.</summary>
    public static async Task<TestServers> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("aigc2d-test-").FullName;
        var postgresPort = TestSockets.FreePort();
        var rabbitPort = TestSockets.FreeRange(10);
        var rabbit = LocalServer.StartAsync("rabbitmq.sh", rabbitPort, new()
        {
            ["DATA_DIR"] = Path.Combine(folder, "rabbitmq"),
            ["PORT"] = $"{rabbitPort}",
            ["RABBITMQ_DEFAULT_USER"] = User,
            ["RABBITMQ_DEFAULT_PASS"] = Password,
            ["AIGC2D_RABBITMQ_PLUGINS"] = "management",
        });
        var postgres = LocalServer.StartAsync("postgres.sh", postgresPort, new()
        {
            ["DATA_DIR"] = Path.Combine(folder, "postgres"),
            ["PORT"] = $"{postgresPort}",
            ["POSTGRES_USER"] = User,
            ["POSTGRES_PASSWORD"] = Password,
        });
        await Task.WhenAll(rabbit, postgres);
        var servers = new TestServers(folder, await postgres, postgresPort, await rabbit, rabbitPort);
        await servers.WaitForPostgresAsync();
        return servers;
    }

    /// <summary>The connection string of a database that does not exist yet: the service under test creates it.</summary>
    // A project starts many services, each with pools of its own: what one of them does not use now is another's to have.
    public string NewDatabase() => $"{PostgresConnection};Database=test{Interlocked.Increment(ref _count)};Connection Idle Lifetime=5;Connection Pruning Interval=1";

    /// <summary>The address of a fresh virtual host.</summary>
    public async Task<string> NewVirtualHostAsync()
    {
        var name = $"test{Interlocked.Increment(ref _count)}";
        using var management = Management();
        await Eventually.True(async () => await PutAsync(management, $"api/vhosts/{name}", null), TimeSpan.FromSeconds(30));
        await PutAsync(management, $"api/permissions/{name}/{User}", """{"configure":".*","write":".*","read":".*"}""");
        return $"amqp://{User}:{Password}@127.0.0.1:{_rabbitPort}/{name}";
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await Task.WhenAll(_postgres.DisposeAsync().AsTask(), _rabbit.DisposeAsync().AsTask());

        // The script may have put the data elsewhere and left a link.
        var data = new DirectoryInfo(Path.Combine(_folder, "postgres"));
        if (data.ResolveLinkTarget(returnFinalTarget: true) is { Exists: true } target) Directory.Delete(target.FullName, recursive: true);
        Directory.Delete(_folder, recursive: true);
    }

    private HttpClient Management() => new(new SocketsHttpHandler())
    {
        BaseAddress = new($"http://127.0.0.1:{_rabbitPort + 3}/"),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{User}:{Password}"))) },
    };

    private static async Task<bool> PutAsync(HttpClient management, string path, string? json)
    {
        try
        {
            using var content = new StringContent(json ?? "{}", Encoding.UTF8, "application/json");
            using var response = await management.PutAsync(new Uri(path, UriKind.Relative), content);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private Task WaitForPostgresAsync() => Eventually.True(async () =>
    {
        await using var connection = new NpgsqlConnection($"{PostgresConnection};Database=postgres;Pooling=false");
        try
        {
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }, TimeSpan.FromSeconds(30));
}
