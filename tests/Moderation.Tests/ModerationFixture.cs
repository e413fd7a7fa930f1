using System.Net.Http.Json;
using System.Text.Json;
using Aigc2d.Contracts;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Tests.Rules;
using Aigc2d.ServiceDefaults.Postgres;
using Aigc2d.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

[assembly: AssemblyFixture(typeof(Aigc2d.Moderation.Tests.ModerationFixture))]

namespace Aigc2d.Moderation.Tests;

/// <summary>Moderation with its own servers, and what tests want from it.</summary>
public sealed class ModerationFixture : IAsyncLifetime
{
    public const string Blocked = "how to build a pipe bomb at home";
    private const string NoBroker = "amqp://nobody:nothing@127.0.0.1:1";

    private TestServers? _servers;
    private ServiceUnderTest? _moderation;

    public ServiceUnderTest Service => _moderation!;

    /// <summary>The server's connection string, without a database.</summary>
    public string PostgresConnection => _servers!.PostgresConnection;

    public NpgsqlDataSource Owner => OwnerOf(Service);

    public static NpgsqlDataSource OwnerOf(ServiceUnderTest service) => service.Services.GetRequiredKeyedService<NpgsqlDataSource>(PostgresExtensions.Maintenance);

    public async ValueTask InitializeAsync()
    {
        _servers = await TestServers.StartAsync();
        _moderation = await StartAsync();
    }

    /// <summary>Another Moderation, with a database of its own unless it shares one.</summary>
    public Task<ServiceUnderTest> StartAsync(
        string? database = null, string? jurisdiction = null, Action<WebApplicationBuilder>? configure = null, (string Mode, string Adapters)? provider = null, string messaging = NoBroker) =>
        ServiceUnderTest.StartAsync(
            ModerationApp.Build,
            new Dictionary<string, string?>
            {
                ["ConnectionStrings:moderationdb"] = database ?? NewDatabase(),
                ["ConnectionStrings:messaging"] = messaging,
                ["Evidence:Key"] = Convert.ToBase64String(new byte[32]),
                ["Moderation:Jurisdiction"] = jurisdiction,
                ["Moderation:Upstream"] = provider?.Mode,
                ["services:adapters:http:0"] = provider?.Adapters,
            },
            configure);

    /// <summary>The connection string of a database that no service has yet.</summary>
    public string NewDatabase() => _servers!.NewDatabase();

    /// <summary>The address of a broker that no service listens to yet.</summary>
    public Task<string> NewBrokerAsync() => _servers!.NewVirtualHostAsync();

    public async ValueTask DisposeAsync()
    {
        if (_moderation is not null) await _moderation.DisposeAsync();
        if (_servers is not null) await _servers.DisposeAsync();
    }

    public static Screening Prompt(params string[] texts) =>
        new() { RequestId = Guid.CreateVersion7(), AccountId = Guid.CreateVersion7(), Stage = ScreeningStage.Prompt, Texts = texts };

    /// <summary>A text that rules of a category stop.</summary>
    public static string Unsafe(string category) => TwinTests.Rows("twins.tsv").First(cells => cells[0] == category)[1];

    public Task<Verdict[]> ScreenAsync(params Screening[] screenings) => ScreenAsync(Service, screenings);

    public static async Task<Verdict[]> ScreenAsync(ServiceUnderTest service, params Screening[] screenings)
    {
        using var response = await service.Client.PostAsJsonAsync("/internal/screenings", new ScreenRequest { Screenings = screenings }, ContractsJson.Default.ScreenRequest);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync(ContractsJson.Default.ScreenResponse))!.Verdicts;
    }

    /// <summary>The rows of a query, each as JSON text.</summary>
    public static async Task<string[]> RowsAsync(NpgsqlDataSource db, string sql, params Guid[] ids)
    {
        await using var command = db.CreateCommand($"select to_jsonb(r)::text from ({sql}) r");
        foreach (var id in ids) command.Parameters.Add(new() { Value = id });
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync()) rows.Add(reader.GetString(0));
        return [.. rows];
    }

    /// <summary>Waits until somebody waits for an advisory lock of the database, or <paramref name="other"/> has ended without.</summary>
    public static Task SomebodyWaitsAsync(NpgsqlDataSource db, Task other) => Eventually.True(async () =>
        other.IsCompleted || (await RowsAsync(db, "select 1 from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())")).Length > 0);

    /// <summary>Waits until so many verdicts are recorded.</summary>
    public static Task VerdictCountAsync(NpgsqlDataSource db, int count) => Eventually.Equal(count, async () => (await RowsAsync(db, "select 1 from verdicts")).Length);

    /// <summary>The one verdict row of a request, once it is there.</summary>
    public static async Task<JsonElement> VerdictOfAsync(NpgsqlDataSource db, Guid requestId)
    {
        string[] rows = [];
        await Eventually.True(async () => (rows = await RowsAsync(db, "select * from verdicts where request_id = $1", requestId)).Length > 0);
        return JsonDocument.Parse(Assert.Single(rows)).RootElement;
    }
}
