using System.Net;
using System.Net.Http.Json;
using Aigc2d.ServiceDefaults.Postgres;
using Aigc2d.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Aigc2d.Accounts.Tests.Keys;

/// <summary>Which keys can be made, and what happens when many are made at once.</summary>
public sealed class KeyCreationTests(AccountsFixture accounts)
{
    [Fact]
    public async Task Racing_creations_stop_exactly_at_the_limit()
    {
        var customer = await accounts.CustomerAsync();

        var statuses = await Task.WhenAll(Enumerable.Range(0, 120).Select(async i => (await accounts.SendAsync(HttpMethod.Post, "/api/keys", new { name = $"racer {i}" }, customer.Id)).Status));

        Assert.Equal((99, 21), (statuses.Count(s => s == 201), statuses.Count(s => s == 409)));
        var (_, list) = await accounts.SendAsync(HttpMethod.Get, "/api/keys?limit=200", account: customer.Id);
        Assert.Equal(100, list.GetProperty("items").GetArrayLength());

        await accounts.SendAsync(HttpMethod.Delete, $"/api/keys/{customer.KeyId}", account: customer.Id);
        Assert.Equal(201, (await accounts.SendAsync(HttpMethod.Post, "/api/keys", new { name = "room again" }, customer.Id)).Status);
    }

    [Fact]
    public async Task A_change_that_waited_too_long_for_its_turn_stands_in_line_again()
    {
        await using var apart = await accounts.StartApartAsync();
        var owner = apart.Services.GetRequiredKeyedService<NpgsqlDataSource>(PostgresExtensions.Maintenance);
        await using var blocker = await owner.OpenConnectionAsync();
        await using var held = await blocker.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("select counter from changes for update", blocker, held)) await hold.ExecuteScalarAsync();

        var creating = apart.Client.PostAsJsonAsync("/admin/accounts", new { name = "patient" });
        var turns = new HashSet<DateTime>();
        await Eventually.True(async () =>
        {
            await using var waiting = owner.CreateCommand("select xact_start from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");
            await using var reader = await waiting.ExecuteReaderAsync();
            while (await reader.ReadAsync()) turns.Add(reader.GetDateTime(0));
            return turns.Count > 1;
        });
        await held.RollbackAsync();

        using var created = await creating;
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
    }

    [Fact]
    public async Task A_key_for_an_account_that_does_not_exist_is_refused() =>
        Assert.Equal(409, (await accounts.SendAsync(HttpMethod.Post, "/api/keys", new { name = "n" }, Guid.CreateVersion7())).Status);

    [Theory]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"name":" padded "}""", "name")]
    [InlineData("""{"name":"a\u0000b"}""", "name")]
    [InlineData("""{"name":"a\u202eb"}""", "name")]
    [InlineData("""{"name":7}""", "name")]
    [InlineData("""{"name":null}""", "name")]
    [InlineData("""{}""", "name")]
    [InlineData("""{"name":"n","name":"m"}""", "name")]
    [InlineData("""{"name":"n","Name":"m"}""", "Name")]
    [InlineData("""{"name":"n","scopes":[]}""", "scopes")]
    [InlineData("""{"name":"n","scopes":["admin"]}""", "scopes")]
    [InlineData("""{"name":"n","scopes":["inference","inference"]}""", "scopes")]
    [InlineData("""{"name":"n","scopes":null}""", "scopes")]
    [InlineData("""{"name":"n","scopes":[null]}""", "scopes")]
    [InlineData("""{"name":"n","models":[]}""", "models")]
    [InlineData("""{"name":"n","models":["a","a"]}""", "models")]
    [InlineData("""{"name":"n","models":[null]}""", "models")]
    [InlineData("""{"name":"n","ipRanges":["10.0.0.0/33"]}""", "ipRanges")]
    [InlineData("""{"name":"n","ipRanges":["example.com"]}""", "ipRanges")]
    [InlineData("""{"name":"n","ipRanges":[null]}""", "ipRanges")]
    [InlineData("""{"name":"n","expiresAt":"2001-01-01T00:00:00Z"}""", "expiresAt")]
    [InlineData("""{"name":"n","expiresAt":"tomorrow"}""", "expiresAt")]
    [InlineData("""{"name":"n","micropointsPerDay":0}""", "micropointsPerDay")]
    [InlineData("""{"name":"n","micropointsPerDay":-1}""", "micropointsPerDay")]
    [InlineData("""{"name":"n","micropointsPerDay":1.5}""", "micropointsPerDay")]
    [InlineData("""{"name":"n","micropointsPerDay":"7"}""", "micropointsPerDay")]
    [InlineData("""{"name":"n","micropointsPerDay":9007199254740992}""", "micropointsPerDay")]
    [InlineData("""{"name":"n","admin":true}""", "admin")]
    public async Task A_wish_that_is_not_acceptable_is_refused_by_the_name_of_the_field(string body, string field)
    {
        var customer = await accounts.CustomerAsync();

        var (status, problem) = await accounts.SendTextAsync(HttpMethod.Post, "/api/keys", body, customer.Id);

        Assert.Equal((400, field), (status, problem.GetProperty("errors").EnumerateObject().Single().Name));
        Assert.Equal([customer.KeyId], await KeyIdsAsync(customer.Id));
    }

    [Theory]
    [InlineData("/api/keys?limit=0", "limit")]
    [InlineData("/api/keys?limit=201", "limit")]
    [InlineData("/api/keys?after=x", "after")]
    [InlineData("/admin/accounts?limit=-1", "limit")]
    public async Task A_page_that_cannot_be_is_refused(string path, string field)
    {
        var (status, problem) = await accounts.SendAsync(HttpMethod.Get, path, account: Guid.CreateVersion7());

        Assert.Equal((400, field), (status, problem.GetProperty("errors").EnumerateObject().Single().Name));
    }

    private async Task<Guid[]> KeyIdsAsync(Guid accountId)
    {
        var (_, list) = await accounts.SendAsync(HttpMethod.Get, "/api/keys", account: accountId);
        return [.. list.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetGuid())];
    }
}
