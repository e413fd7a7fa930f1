using System.Net;
using System.Text.Json;
using Aigc2d.Contracts.Accounts;
using Aigc2d.ServiceDefaults.Messaging;
using Aigc2d.TestKit;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Aigc2d.Accounts.Tests;

public sealed class KeyTests(AccountsFixture accounts)
{
    [Fact]
    public async Task A_new_accounts_key_resolves_to_its_principal()
    {
        var (account, keyId, key) = await accounts.CustomerAsync();

        var principal = await accounts.VerifyAsync(key);

        Assert.Matches("^AIGC2D-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", key);
        Assert.Equal((account, keyId), (principal!.AccountId, principal.KeyId));
        Assert.Equal(["inference", "account"], principal.Scopes);
        Assert.Equal(new Standing { State = "active" }, principal.Standing);
        Assert.Equal(new PlanLimits { Name = "standard", RequestsPerMinute = 6000, TokensPerMinute = 20_000_000, ConcurrentCalls = 1000, MultiplierPpm = 1_000_000 }, principal.Plan);
    }

    [Theory]
    [InlineData("AIGC2D-00000000-0000-4000-8000-000000000000")]
    [InlineData("")]
    [InlineData("' or 1=1 --")]
    public async Task An_unknown_key_is_nobody(string key) => Assert.Null(await accounts.VerifyAsync(key));

    [Fact]
    public async Task Many_keys_asked_for_at_once_each_get_their_own_principal()
    {
        var customers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => accounts.CustomerAsync()));

        var principals = await Task.WhenAll(customers.Concat(customers).Select(customer => accounts.VerifyAsync(customer.Key)));

        Assert.Equal(customers.Concat(customers).Select(customer => customer.KeyId), principals.Select(principal => principal!.KeyId));
    }

    [Fact]
    public async Task A_created_key_carries_its_own_limits_and_is_listed_without_itself()
    {
        var (account, _, _) = await accounts.CustomerAsync();

        var (status, created) = await accounts.SendAsync(
            HttpMethod.Post, "/api/keys", new { name = "ci", scopes = new[] { "inference" }, models = new[] { "gpt-4o" }, ipRanges = new[] { "203.0.113.0/24" }, micropointsPerDay = 5_000_000 }, account);
        var key = created.GetProperty("key").GetString()!;
        var principal = await accounts.VerifyAsync(key);
        var (_, list) = await accounts.SendAsync(HttpMethod.Get, "/api/keys", account: account);

        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal(("gpt-4o", "203.0.113.0/24", 5_000_000L), (principal!.Models!.Single(), principal.IpRanges!.Single(), principal.MicropointsPerDay!.Value));
        Assert.Equal(["first key", "ci"], list.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()));
        Assert.DoesNotContain(key, list.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(key[^4..], list.GetProperty("items")[1].GetProperty("last4").GetString());
    }

    [Fact]
    public async Task A_revoked_key_is_nobody_as_soon_as_the_revocation_is_answered()
    {
        var (account, keyId, key) = await accounts.CustomerAsync();

        Assert.Equal(HttpStatusCode.NoContent, (await accounts.SendAsync(HttpMethod.Delete, $"/api/keys/{keyId}", account: account)).Status);

        Assert.Null(await accounts.VerifyAsync(key));
        Assert.Equal(HttpStatusCode.NotFound, (await accounts.SendAsync(HttpMethod.Delete, $"/api/keys/{keyId}", account: account)).Status);
    }

    [Fact]
    public async Task Another_customers_key_is_not_found_and_stays()
    {
        var (_, keyId, key) = await accounts.CustomerAsync();
        var (other, _, _) = await accounts.CustomerAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await accounts.SendAsync(HttpMethod.Delete, $"/api/keys/{keyId}", account: other)).Status);
        Assert.NotNull(await accounts.VerifyAsync(key));
    }

    [Fact]
    public async Task An_expired_key_is_nobody()
    {
        var (_, keyId, key) = await accounts.CustomerAsync();
        await accounts.ExecuteAsync("update api_keys set expires_at = now() - interval '1 second' where id = $1", keyId);
        Assert.Null(await accounts.VerifyAsync(key));
    }

    [Fact]
    public async Task A_freeze_that_has_passed_no_longer_counts()
    {
        var (account, _, key) = await accounts.CustomerAsync();

        await accounts.ExecuteAsync("update accounts set standing = 'frozen', standing_until = now() + interval '1 hour', standing_reason = 'three strikes' where id = $1", account);
        Assert.Equal("frozen", (await accounts.VerifyAsync(key))!.Standing.State);

        await accounts.ExecuteAsync("update accounts set standing_until = now() - interval '1 second' where id = $1", account);
        Assert.Equal(new Standing { State = "active" }, (await accounts.VerifyAsync(key))!.Standing);
    }

    [Fact]
    public async Task Every_change_moves_the_counter_and_is_told_to_gateways()
    {
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        var told = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await channel.ExchangeDeclareAsync("Aigc2d.Contracts.Accounts:PrincipalChanged", ExchangeType.Fanout, durable: true);
        var queue = await channel.QueueDeclareAsync();
        await channel.QueueBindAsync(queue.QueueName, "Aigc2d.Contracts.Accounts:PrincipalChanged", "");
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            told.Enqueue(JsonSerializer.Deserialize<JsonElement>(delivery.Body.Span).GetProperty("message").GetRawText());
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer);
        var before = await accounts.CounterAsync();

        var (account, keyId, _) = await accounts.CustomerAsync();
        await accounts.SendAsync(HttpMethod.Delete, $"/api/keys/{keyId}", account: account);

        Assert.True(await accounts.CounterAsync() >= before + 2);
        await Eventually.True(() => told.Count(message => message.Contains(account.ToString(), StringComparison.Ordinal)) == 2);
        Assert.Contains(told, message => message.Contains(keyId.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_is_found_nowhere_but_in_the_answer_that_made_it()
    {
        var (_, _, key) = await accounts.CustomerAsync();
        await accounts.VerifyAsync(key);

        Assert.DoesNotContain(key, await accounts.DumpAsync(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(key, accounts.Logs.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"name":"a\u0000b"}""", "name")]
    [InlineData("""{"scopes":["inference"]}""", "name")]
    [InlineData("""{"name":"a","scopes":["root"]}""", "scopes")]
    [InlineData("""{"name":"a","scopes":[]}""", "scopes")]
    [InlineData("""{"name":"a","models":[]}""", "models")]
    [InlineData("""{"name":"a","ipRanges":["10.0.0.0/99"]}""", "ipRanges")]
    [InlineData("""{"name":"a","expiresAt":"2020-01-01T00:00:00Z"}""", "expiresAt")]
    [InlineData("""{"name":"a","micropointsPerDay":-1}""", "micropointsPerDay")]
    [InlineData("""{"name":"a","owner":"me"}""", "owner")]
    public async Task A_key_that_makes_no_sense_is_refused_with_the_fields_name(string json, string field)
    {
        var (account, _, _) = await accounts.CustomerAsync();
        var (status, problem) = await accounts.SendAsync(HttpMethod.Post, "/api/keys", json, account);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal([field], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    private Task<IConnection> ConnectAsync()
    {
        var broker = BrokerAddress.Parse(accounts.Broker);
        return new ConnectionFactory { HostName = broker.Host, Port = broker.Port, VirtualHost = broker.VirtualHost, UserName = broker.User, Password = broker.Password }.CreateConnectionAsync();
    }
}
