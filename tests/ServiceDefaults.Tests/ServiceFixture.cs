using Aigc2d.ServiceDefaults.Messaging;
using Aigc2d.ServiceDefaults.Outbox;
using Aigc2d.ServiceDefaults.Postgres;
using Aigc2d.TestKit;
using Microsoft.AspNetCore.Builder;
using Npgsql;

[assembly: AssemblyFixture(typeof(Aigc2d.ServiceDefaults.Tests.ServiceFixture))]

namespace Aigc2d.ServiceDefaults.Tests;

/// <summary>Servers, and the smallest service that uses every default.</summary>
public sealed class ServiceFixture : IAsyncLifetime
{
    private TestServers? _servers;

    public async ValueTask InitializeAsync() => _servers = await TestServers.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_servers is not null) await _servers.DisposeAsync();
    }

    public string NewDatabase() => _servers!.NewDatabase();

    public Task<string> NewVirtualHostAsync() => _servers!.NewVirtualHostAsync();

    /// <summary>Starts a service with a database, an outbox and <paramref name="endpoints"/>.</summary>
    public static Task<ServiceUnderTest> StartAsync(string database, string broker, Action<BusEndpoints>? endpoints = null, Action<WebApplicationBuilder>? configure = null) =>
        ServiceUnderTest.StartAsync(
            (args, hook) =>
            {
                var builder = WebApplication.CreateBuilder(args);
                builder.AddServiceDefaults("probe");
                builder.AddPostgres("probedb", "probe_app", typeof(ServiceFixture).Assembly);
                builder.AddMessaging(endpoints);
                builder.AddOutbox();
                hook?.Invoke(builder);
                var app = builder.Build();
                app.UseServiceDefaults();
                app.MapGet("/internal/probe", () => "in");
                app.MapGet("/internal/fails/{sqlState}", async (string sqlState, NpgsqlDataSource db) =>
                {
                    await using var command = db.CreateCommand($"do $$ begin raise exception using errcode = '{sqlState}'; end $$");
                    await command.ExecuteNonQueryAsync();
                });
                app.MapPost("/internal/strict", (StrictBody body) => body.Number);
                return app;
            },
            new Dictionary<string, string?> { ["ConnectionStrings:probedb"] = database, ["ConnectionStrings:messaging"] = broker },
            configure);

    [System.Text.Json.Serialization.JsonUnmappedMemberHandling(System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow)]
    internal sealed record StrictBody
    {
        public required int Number { get; init; }
    }
}
