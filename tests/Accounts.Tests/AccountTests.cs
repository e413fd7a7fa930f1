using System.Net;

namespace Aigc2d.Accounts.Tests;

public sealed class AccountTests(AccountsFixture accounts)
{
    [Fact]
    public async Task An_account_is_shown_with_plan_and_standing_and_an_unknown_one_is_not_found()
    {
        var (account, _, _) = await accounts.CustomerAsync("Ada");

        var (_, shown) = await accounts.SendAsync(HttpMethod.Get, $"/internal/accounts/{account}");

        Assert.Equal(("Ada", "standard", "active"), (shown.GetProperty("name").GetString(), shown.GetProperty("plan").GetString(), shown.GetProperty("standing").GetProperty("state").GetString()));
        Assert.Equal(HttpStatusCode.NotFound, (await accounts.SendAsync(HttpMethod.Get, $"/internal/accounts/{Guid.CreateVersion7()}")).Status);
    }

    [Fact]
    public async Task A_search_finds_by_part_of_the_name_in_pages()
    {
        var name = $"Grace {Guid.CreateVersion7()}";
        var made = new HashSet<string>();
        for (var i = 0; i < 3; i++) made.Add((await accounts.CustomerAsync($"{name} {i}")).Account.ToString());

        var (_, first) = await accounts.SendAsync(HttpMethod.Get, $"/admin/accounts?limit=2&query={Uri.EscapeDataString(name.ToUpperInvariant())}");
        var (_, second) = await accounts.SendAsync(HttpMethod.Get, $"/admin/accounts?limit=2&query={Uri.EscapeDataString(name)}&after={first.GetProperty("next").GetString()}");

        var found = first.GetProperty("items").EnumerateArray().Concat(second.GetProperty("items").EnumerateArray()).Select(item => item.GetProperty("id").GetString()!).ToArray();
        Assert.Equal(made.Order(), found.Order());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, second.GetProperty("next").ValueKind);
    }

    [Theory]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{}""", "name")]
    [InlineData("""{"name":"a","plan":"gold"}""", "plan")]
    public async Task An_account_that_makes_no_sense_is_refused_with_the_fields_name(string json, string field)
    {
        var (status, problem) = await accounts.SendAsync(HttpMethod.Post, "/admin/accounts", json);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal([field], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }
}
