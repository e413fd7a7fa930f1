using System.Text.Json;
using Aigc2d.Contracts;
using Aigc2d.TestKit;

namespace Aigc2d.Accounts.Tests.Customers;

/// <summary>Accounts as operators make and see them.</summary>
public sealed class CustomerTests(AccountsFixture accounts)
{
    [Fact]
    public async Task A_new_account_has_a_first_key_that_may_do_everything()
    {
        var (status, body) = await accounts.SendAsync(HttpMethod.Post, "/admin/accounts", new { name = "Ada & Söhne 股份", micropoints = 5_000_000 }, null, (CallHeaders.Actor, "operator"));
        var (id, key) = (body.GetProperty("id").GetGuid(), body.GetProperty("key"));

        Assert.Equal(201, status);
        Assert.Equal(["id", "key"], body.EnumerateObject().Select(p => p.Name));
        Assert.Equal(["id", "key", "last4"], key.EnumerateObject().Select(p => p.Name));
        var principal = await accounts.VerifyAsync(key.GetProperty("key").GetString()!);
        Assert.Equal((id, key.GetProperty("id").GetGuid(), "inference account"), (principal!.AccountId, principal.KeyId, string.Join(' ', principal.Scopes)));
        await Eventually.Equal(1, () => Task.FromResult(accounts.Heard(id).Length));
    }

    [Theory]
    [InlineData("/internal/accounts/")]
    [InlineData("/admin/accounts/")]
    public async Task An_account_is_shown_without_its_points(string route)
    {
        var customer = await accounts.CustomerAsync("Grace");

        var (status, body) = await accounts.SendAsync(HttpMethod.Get, route + customer.Id);

        Assert.Equal(
            (200, $$$"""{"id":"{{{customer.Id}}}","email":null,"name":"Grace","standing":{"state":"active","until":null,"reason":null},"plan":"standard"}"""),
            (status, body.GetRawText()));
        Assert.Equal(404, (await accounts.SendAsync(HttpMethod.Get, route + Guid.CreateVersion7())).Status);
    }

    [Fact]
    public async Task A_standing_is_shown_and_told_to_the_edge_until_it_runs_out()
    {
        var customer = await accounts.CustomerAsync();
        var until = new DateTime(2099, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        await using var later = await accounts.StartAsync(clock: new TestClock(until.AddDays(1)));
        await using var freeze = accounts.Owner.CreateCommand("update standings set state = 'frozen', until = $2, reason = 'rule 4' where account_id = $1");
        freeze.Parameters.Add(new() { Value = customer.Id });
        freeze.Parameters.Add(new() { Value = until });
        await freeze.ExecuteNonQueryAsync();

        var (_, shown) = await accounts.SendAsync(HttpMethod.Get, $"/internal/accounts/{customer.Id}");
        var principal = await accounts.VerifyAsync(customer.Key);

        Assert.Equal(JsonSerializer.Serialize(new { state = "frozen", until, reason = "rule 4" }), shown.GetProperty("standing").GetRawText());
        Assert.Equal(("frozen", until, "rule 4"), (principal!.Standing.State, principal.Standing.Until!.Value.UtcDateTime, principal.Standing.Reason));

        var after = await AccountsFixture.GetAsync(later, $"/internal/accounts/{customer.Id}");
        Assert.Equal("""{"state":"active","until":null,"reason":null}""", after.GetProperty("standing").GetRawText());
    }

    [Fact]
    public async Task Accounts_are_found_by_parts_of_their_name_and_by_id()
    {
        var mark = Guid.CreateVersion7().ToString("N");
        var first = await accounts.CustomerAsync($"First {mark} 50%");
        var second = await accounts.CustomerAsync($"second {mark}");
        await accounts.CustomerAsync("somebody else");

        Assert.Equal([first.Id, second.Id], await FindAsync($"?query={mark.ToUpperInvariant()}"));
        Assert.Equal([first.Id], await FindAsync($"?query=first%20{mark}"));
        Assert.Equal([first.Id], await FindAsync($"?query={mark}%2050%25"));
        Assert.Equal([second.Id], await FindAsync($"?query={second.Id}"));
        Assert.Equal([second.Id], await FindAsync($"?query={mark}&after={first.Id}"));
        Assert.Empty(await FindAsync($"?query={mark}%25%25"));

        var (_, page) = await accounts.SendAsync(HttpMethod.Get, $"/admin/accounts?query={mark}&limit=1");
        Assert.Equal(first.Id.ToString(), page.GetProperty("next").GetString());
        Assert.Equal(["id", "email", "name", "standing", "plan"], page.GetProperty("items")[0].EnumerateObject().Select(p => p.Name));
    }

    [Theory]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"micropoints":1}""", "name")]
    [InlineData("""{"name":"n","micropoints":-1}""", "micropoints")]
    [InlineData("""{"name":"n","micropoints":9007199254740992}""", "micropoints")]
    [InlineData("""{"name":"n","micropoints":"1"}""", "micropoints")]
    [InlineData("""{"name":"n","plan":"gold"}""", "plan")]
    public async Task An_account_that_cannot_be_is_refused_by_the_name_of_the_field(string body, string field)
    {
        var (status, problem) = await accounts.SendTextAsync(HttpMethod.Post, "/admin/accounts", body);

        Assert.Equal((400, field), (status, problem.GetProperty("errors").EnumerateObject().Single().Name));
    }

    [Fact]
    public async Task A_repeated_creation_answers_the_same_account_without_the_key()
    {
        var key = Guid.CreateVersion7().ToString();
        var (first, created) = await CreateAsync("Once", key);
        var (second, repeated) = await CreateAsync("Once", key);
        var (third, conflict) = await CreateAsync("Twice", key);
        var (other, another) = await CreateAsync("Once", key, actor: "somebody else");

        Assert.Equal((201, 200, 409, 201), (first, second, third, other));
        Assert.Equal(
            $$$"""{"id":"{{{created.GetProperty("id").GetGuid()}}}","key":{"id":"{{{created.GetProperty("key").GetProperty("id").GetGuid()}}}","key":null,"last4":"{{{created.GetProperty("key").GetProperty("last4").GetString()}}}"}}""",
            repeated.GetRawText());
        Assert.Equal("https://aigc2d.example/problems/idempotency-conflict", conflict.GetProperty("type").GetString());
        Assert.NotEqual(created.GetProperty("id").GetGuid(), another.GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task Racing_creations_under_one_idempotency_key_make_one_account()
    {
        var key = Guid.CreateVersion7().ToString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => CreateAsync("Racer", key)));

        Assert.Single(answers, a => a.Status == 201);
        Assert.Single(answers.Select(a => a.Body.GetProperty("id").GetGuid()).Distinct());
        Assert.Single(answers, a => a.Body.GetProperty("key").GetProperty("key").ValueKind == JsonValueKind.String);
    }

    private Task<(int Status, JsonElement Body)> CreateAsync(string name, string key, string actor = "operator") =>
        accounts.SendAsync(HttpMethod.Post, "/admin/accounts", new { name }, null, ("Idempotency-Key", key), (CallHeaders.Actor, actor));

    private async Task<Guid[]> FindAsync(string query)
    {
        var (status, body) = await accounts.SendAsync(HttpMethod.Get, "/admin/accounts" + query);
        Assert.Equal(200, status);
        return [.. body.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetGuid())];
    }
}
