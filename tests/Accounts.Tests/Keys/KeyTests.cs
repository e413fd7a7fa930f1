using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Aigc2d.Contracts;
using Aigc2d.Contracts.Accounts;
using Aigc2d.Contracts.Moderation;
using Aigc2d.TestKit;
using Npgsql;

namespace Aigc2d.Accounts.Tests.Keys;

/// <summary>The life of keys: created, verified, listed, revoked.</summary>
public sealed partial class KeyTests(AccountsFixture accounts)
{
    [Fact]
    public async Task A_key_is_shown_once_and_opens_the_account_until_it_is_revoked()
    {
        var customer = await accounts.CustomerAsync();
        var (status, created) = await accounts.SendAsync(HttpMethod.Post, "/api/keys", new { name = "laptop" }, customer.Id);
        var key = created.GetProperty("key").GetString()!;

        Assert.Equal(201, status);
        Assert.Matches(WrittenKey(), key);
        Assert.Equal(
            JsonSerializer.Serialize(new
            {
                id = created.GetProperty("id").GetGuid(),
                name = "laptop",
                key,
                last4 = key[^4..],
                scopes = new[] { "inference" },
                models = (string[]?)null,
                ipRanges = (string[]?)null,
                expiresAt = (string?)null,
                micropointsPerDay = (long?)null,
                createdAt = created.GetProperty("createdAt").GetString(),
            }),
            created.GetRawText());
        Assert.EndsWith("Z", created.GetProperty("createdAt").GetString(), StringComparison.Ordinal);

        var principal = await accounts.VerifyAsync(key);
        Assert.Equal(
            JsonSerializer.Serialize(
                new Principal
                {
                    AccountId = customer.Id,
                    KeyId = created.GetProperty("id").GetGuid(),
                    Scopes = ["inference"],
                    Standing = new Standing { State = "active" },
                    Plan = new PlanLimits { Name = "standard", RequestsPerMinute = 6000, TokensPerMinute = 20_000_000, ConcurrentCalls = 1000, MultiplierPpm = 1_000_000 },
                },
                ContractsJson.Default.Principal),
            JsonSerializer.Serialize(principal, ContractsJson.Default.Principal));

        var (revoked, _) = await accounts.SendAsync(HttpMethod.Delete, $"/api/keys/{principal!.KeyId}", account: customer.Id);
        Assert.Equal(204, revoked);
        Assert.Null(await accounts.VerifyAsync(key));
        Assert.NotNull(await accounts.VerifyAsync(customer.Key));
    }

    [Fact]
    public async Task A_list_shows_keys_that_live_and_never_the_key()
    {
        var customer = await accounts.CustomerAsync();
        var expires = TimeProvider.System.GetUtcNow().AddDays(1).UtcDateTime;
        var (_, kept) = await accounts.SendAsync(
            HttpMethod.Post,
            "/api/keys",
            new { name = "kept", scopes = new[] { "account", "inference" }, models = new[] { "gpt-4" }, ipRanges = new[] { "203.0.113.0/24", "2001:db8::1" }, expiresAt = expires, micropointsPerDay = 5_000_000 },
            customer.Id);
        var (_, gone) = await accounts.SendAsync(HttpMethod.Post, "/api/keys", new { name = "gone" }, customer.Id);
        await accounts.SendAsync(HttpMethod.Delete, $"/api/keys/{gone.GetProperty("id").GetGuid()}", account: customer.Id);

        var (status, list) = await accounts.SendAsync(HttpMethod.Get, "/api/keys", account: customer.Id);

        Assert.Equal((200, JsonValueKind.Null), (status, list.GetProperty("next").ValueKind));
        Assert.Equal([customer.KeyId, kept.GetProperty("id").GetGuid()], list.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetGuid()));
        var row = list.GetProperty("items")[1];
        Assert.Equal(["id", "name", "last4", "scopes", "models", "ipRanges", "expiresAt", "micropointsPerDay", "createdAt"], row.EnumerateObject().Select(p => p.Name));
        Assert.Equal(
            ("kept", """["account","inference"]""", """["gpt-4"]""", """["203.0.113.0/24","2001:db8::1"]""", 5_000_000),
            (row.GetProperty("name").GetString(), row.GetProperty("scopes").GetRawText(), row.GetProperty("models").GetRawText(), row.GetProperty("ipRanges").GetRawText(), row.GetProperty("micropointsPerDay").GetInt64()));
        Assert.Equal(expires, row.GetProperty("expiresAt").GetDateTime(), TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task A_list_is_read_page_by_page()
    {
        var customer = await accounts.CustomerAsync();
        for (var i = 0; i < 4; i++) await accounts.SendAsync(HttpMethod.Post, "/api/keys", new { name = $"key {i}" }, customer.Id);

        var (_, first) = await accounts.SendAsync(HttpMethod.Get, "/api/keys?limit=3", account: customer.Id);
        var (_, second) = await accounts.SendAsync(HttpMethod.Get, $"/api/keys?limit=3&after={first.GetProperty("next").GetString()}", account: customer.Id);

        Assert.Equal((3, 2, JsonValueKind.Null), (first.GetProperty("items").GetArrayLength(), second.GetProperty("items").GetArrayLength(), second.GetProperty("next").ValueKind));
        Assert.Equal(5, first.GetProperty("items").EnumerateArray().Concat(second.GetProperty("items").EnumerateArray()).Select(i => i.GetProperty("id").GetGuid()).Distinct().Count());
    }

    [Fact]
    public async Task An_expired_key_is_dead()
    {
        var customer = await accounts.CustomerAsync();
        var clock = new TestClock(TimeProvider.System.GetUtcNow());
        await using var later = await accounts.StartAsync(clock: clock);
        var (_, created) = await accounts.SendAsync(HttpMethod.Post, "/api/keys", new { name = "short", expiresAt = clock.GetUtcNow().AddHours(1).UtcDateTime }, customer.Id);
        var key = created.GetProperty("key").GetString()!;
        Assert.NotNull(await accounts.VerifyAsync(key, later));

        clock.Advance(TimeSpan.FromHours(2));

        Assert.Null(await accounts.VerifyAsync(key, later));
    }

    [Theory]
    [InlineData("")]
    [InlineData("AIGC2D-")]
    [InlineData("AIGC2D-2f68dbbf-519d-4f01-9636-e2421b68f379")]
    [InlineData("' or 1=1 --")]
    [InlineData("\0\uFFFF")]
    public async Task An_unknown_key_has_no_principal(string key) => Assert.Null(await accounts.VerifyAsync(key));

    [Fact]
    public async Task A_key_in_another_case_or_with_a_tail_is_another_key()
    {
        var customer = await accounts.CustomerAsync();

        Assert.Null(await accounts.VerifyAsync(customer.Key.ToUpperInvariant()));
        Assert.Null(await accounts.VerifyAsync(customer.Key + " "));
        Assert.Null(await accounts.VerifyAsync(customer.Key[..^1]));
    }

    [Fact]
    public async Task Many_verifications_at_once_each_get_their_own_answer()
    {
        var customers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => accounts.CustomerAsync()));

        var found = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => accounts.VerifyAsync(i % 3 == 0 ? $"AIGC2D-unknown-{i}" : customers[i % 20].Key)));

        Assert.Equal(Enumerable.Range(0, 300).Select(i => i % 3 == 0 ? (Guid?)null : customers[i % 20].Id), found.Select(p => p?.AccountId));
    }

    [Fact]
    public async Task Another_accounts_key_cannot_be_seen_or_revoked()
    {
        var (owner, stranger) = (await accounts.CustomerAsync(), await accounts.CustomerAsync());

        var (status, problem) = await accounts.SendAsync(HttpMethod.Delete, $"/api/keys/{owner.KeyId}", account: stranger.Id);
        var (_, list) = await accounts.SendAsync(HttpMethod.Get, "/api/keys", account: stranger.Id);

        Assert.Equal((404, "https://aigc2d.example/problems/not-found"), (status, problem.GetProperty("type").GetString()));
        Assert.NotNull(await accounts.VerifyAsync(owner.Key));
        Assert.Equal([stranger.KeyId], list.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetGuid()));
    }

    [Fact]
    public async Task Revoking_again_answers_the_same_and_changes_nothing()
    {
        var customer = await accounts.CustomerAsync();
        await accounts.SendAsync(HttpMethod.Delete, $"/api/keys/{customer.KeyId}", account: customer.Id);
        await Eventually.True(() => accounts.Heard(customer.Id).Length == 2);

        var (again, _) = await accounts.SendAsync(HttpMethod.Delete, $"/api/keys/{customer.KeyId}", account: customer.Id);
        var (created, marker) = await accounts.SendAsync(HttpMethod.Post, "/api/keys", new { name = "marker" }, customer.Id);

        Assert.Equal((204, 201), (again, created));
        await Eventually.True(() => accounts.Heard(customer.Id).Contains(marker.GetProperty("id").GetGuid()));
        Assert.Equal([customer.KeyId, customer.KeyId, marker.GetProperty("id").GetGuid()], accounts.Heard(customer.Id).Select(k => k!.Value));
    }

    [Fact]
    public async Task Each_change_moves_the_counter_and_is_announced_once()
    {
        var before = await accounts.CounterAsync();
        var customer = await accounts.CustomerAsync();
        var afterAccount = await accounts.CounterAsync();
        var (_, key) = await accounts.SendAsync(HttpMethod.Post, "/api/keys", new { name = "n" }, customer.Id);
        var afterKey = await accounts.CounterAsync();
        await accounts.SendAsync(HttpMethod.Delete, $"/api/keys/{key.GetProperty("id").GetGuid()}", account: customer.Id);
        var afterRevocation = await accounts.CounterAsync();

        Assert.True(before < afterAccount && afterAccount < afterKey && afterKey < afterRevocation, $"{before} {afterAccount} {afterKey} {afterRevocation}");
        Guid?[] expected = [customer.KeyId, key.GetProperty("id").GetGuid(), key.GetProperty("id").GetGuid()];
        await Eventually.True(() => accounts.Heard(customer.Id).Length >= 3);
        Assert.Equal(expected, accounts.Heard(customer.Id));
    }

    [Fact]
    public async Task After_a_rotation_of_the_pepper_old_and_new_keys_work()
    {
        var old = await accounts.CustomerAsync();
        var rotated = new Dictionary<string, string?>
        {
            ["Keys:Pepper"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
            ["Keys:PepperVersion"] = "2",
            ["Keys:OlderPeppers:1"] = AccountsFixture.Pepper,
        };
        await using var next = await accounts.StartAsync(rotated);

        Assert.Equal(old.Id, (await accounts.VerifyAsync(old.Key, next))?.AccountId);
        await using var forgetful = await accounts.StartAsync(new() { ["Keys:Pepper"] = rotated["Keys:Pepper"] });
        Assert.Null(await accounts.VerifyAsync(old.Key, forgetful));
    }

    [Fact]
    public async Task A_principal_says_how_strict_its_plan_is()
    {
        var customer = await accounts.CustomerAsync();
        await using (var command = accounts.Owner.CreateCommand("""
            insert into plans (name, requests_per_minute, tokens_per_minute, concurrent_calls, multiplier_ppm, strictness) values ('schools', 10, 10, 10, 1000000, 'strict')
            """)) await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await using (var move = accounts.Owner.CreateCommand("update accounts set plan = 'schools' where id = $1"))
        {
            move.Parameters.Add(new() { Value = customer.Id });
            await move.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(Strictness.Strict, (await accounts.VerifyAsync(customer.Key))!.Plan.Strictness);
    }

    [Theory]
    [InlineData("delete from keys")]
    [InlineData("delete from accounts")]
    [InlineData("update keys set hash = hash")]
    [InlineData("update accounts set name = name")]
    [InlineData("update plans set multiplier_ppm = 0")]
    public async Task The_services_own_role_cannot_delete_or_rewrite(string sql)
    {
        await using var command = accounts.App.CreateCommand(sql);

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync())).SqlState);
    }

    [GeneratedRegex("^AIGC2D-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")]
    private static partial Regex WrittenKey();
}
