using System.Net;
using System.Text;
using System.Text.Json;
using Aigc2d.Contracts;
using Aigc2d.Contracts.Accounts;
using Aigc2d.TestKit;
using Npgsql;

[assembly: AssemblyFixture(typeof(Aigc2d.Accounts.Tests.AccountsFixture))]

namespace Aigc2d.Accounts.Tests;

/// <summary>Accounts with its own servers, and what tests want from it.</summary>
public sealed class AccountsFixture : IAsyncLifetime
{
    private TestServers? _servers;
    private ServiceUnderTest? _accounts;

    public string Database { get; private set; } = "";

    public string Broker { get; private set; } = "";

    public LogBuffer Logs => _accounts!.Logs;

    public async ValueTask InitializeAsync()
    {
        _servers = await TestServers.StartAsync();
        Database = _servers.NewDatabase();
        Broker = await _servers.NewVirtualHostAsync();
        _accounts = await ServiceUnderTest.StartAsync(AccountsApp.Build, new Dictionary<string, string?>
        {
            ["ConnectionStrings:accountsdb"] = Database,
            ["ConnectionStrings:messaging"] = Broker,
            ["Keys:Pepper"] = "a-pepper-of-more-than-32-characters",
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_accounts is not null) await _accounts.DisposeAsync();
        if (_servers is not null) await _servers.DisposeAsync();
    }

    /// <summary>An account with its first key.</summary>
    public async Task<(Guid Account, Guid KeyId, string Key)> CustomerAsync(string name = "somebody")
    {
        var (status, created) = await SendAsync(HttpMethod.Post, "/admin/accounts", new { name });
        Assert.Equal(HttpStatusCode.Created, status);
        var key = created.GetProperty("key");
        return (created.GetProperty("id").GetGuid(), key.GetProperty("id").GetGuid(), key.GetProperty("key").GetString()!);
    }

    public async Task<Principal?> VerifyAsync(string key)
    {
        var (status, answer) = await SendAsync(HttpMethod.Post, "/internal/keys/verify", new { key });
        Assert.Equal(HttpStatusCode.OK, status);
        return answer.Deserialize(ContractsJson.Default.VerifyKeyResponse)!.Principal;
    }

    public async Task<long> CounterAsync() => (await SendAsync(HttpMethod.Get, "/internal/changes")).Body.GetProperty("counter").GetInt64();

    /// <summary>Sends a request as the edge does, for an account when one is given.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(HttpMethod method, string path, object? body = null, Guid? account = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (account is not null) request.Headers.Add(CallHeaders.AccountId, account.ToString());
        if (body is not null) request.Content = new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        using var response = await _accounts!.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text));
    }

    public async Task ExecuteAsync(string sql, params object[] parameters)
    {
        await using var db = NpgsqlDataSource.Create(Database);
        await using var command = db.CreateCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(new() { Value = parameter });
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Everything in every table, as text.</summary>
    public async Task<string> DumpAsync()
    {
        await using var db = NpgsqlDataSource.Create(Database);
        await using var command = db.CreateCommand("select string_agg(query_to_xml(format('select * from %I', table_name), true, false, '')::text, '') from information_schema.tables where table_schema = 'public'");
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
