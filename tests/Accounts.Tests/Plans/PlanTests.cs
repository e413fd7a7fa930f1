using System.Text.Json;
using Aigc2d.Contracts;
using Aigc2d.Contracts.Moderation;
using Aigc2d.TestKit;
using Npgsql;

namespace Aigc2d.Accounts.Tests.Plans;

/// <summary>Plans as operators see and change them.</summary>
public sealed class PlanTests(AccountsFixture accounts)
{
    [Fact]
    public async Task A_plan_is_as_strict_as_wished_when_answered_and_says_who_wanted_it_and_why()
    {
        var plan = await NewPlanAsync();
        var customer = await CustomerOfAsync(plan);
        var before = await accounts.CounterAsync();

        var (status, body) = await ChangeAsync(plan, "strict", " a school has joined ");

        Assert.Equal((200, Shown(plan, "strict")), (status, body.GetRawText()));
        Assert.Equal(Strictness.Strict, (await accounts.VerifyAsync(customer.Key))!.Plan.Strictness);
        Assert.True(await accounts.CounterAsync() > before);
        Assert.Equal([("strict", "a school has joined", "ada")], await HistoryAsync(plan));
        Assert.Contains(Shown(plan, "strict"), (await accounts.SendAsync(HttpMethod.Get, "/admin/plans")).Body.GetProperty("items").EnumerateArray().Select(item => item.GetRawText()));
        await Eventually.Equal(1, () => Task.FromResult(accounts.HeardOfPlan(plan)));
    }

    [Fact]
    public async Task Wishing_what_is_already_so_changes_and_announces_nothing()
    {
        var (plan, marker) = (await NewPlanAsync(), await NewPlanAsync());
        await ChangeAsync(plan, "relaxed");

        var (status, body) = await ChangeAsync(plan, "relaxed");
        await ChangeAsync(marker, "strict");

        Assert.Equal((200, Shown(plan, "relaxed")), (status, body.GetRawText()));
        Assert.Single(await HistoryAsync(plan));
        await Eventually.Equal(1, () => Task.FromResult(accounts.HeardOfPlan(marker)));
        Assert.Equal(1, accounts.HeardOfPlan(plan));
    }

    [Fact]
    public async Task A_preview_says_whom_it_would_reach_and_changes_nothing()
    {
        var plan = await NewPlanAsync();
        var (first, _) = (await CustomerOfAsync(plan), await CustomerOfAsync(plan));
        await accounts.SendAsync(HttpMethod.Post, "/api/keys", new { name = "second" }, first.Id);

        var (status, body) = await accounts.SendAsync(HttpMethod.Post, $"/admin/plans/{plan}/preview", new { strictness = "strict", reason = "r" }, null, (CallHeaders.Actor, "ada"));

        Assert.Equal((200, $$$"""{"plan":"{{{plan}}}","strictness":{"now":"standard","then":"strict"},"accounts":2,"keys":3}"""), (status, body.GetRawText()));
        Assert.Equal(Strictness.Standard, (await accounts.VerifyAsync(first.Key))!.Plan.Strictness);
        Assert.Empty(await HistoryAsync(plan));
    }

    [Theory]
    [InlineData("""{"strictness":"lenient","reason":"r"}""", "strictness", "must be standard, strict or relaxed.")]
    [InlineData("""{"strictness":"Strict","reason":"r"}""", "strictness", "must be standard, strict or relaxed.")]
    [InlineData("""{"strictness":"strict","reason":"  "}""", "reason", "must have 1 to 500 characters, none of them a control character.")]
    [InlineData("""{"strictness":"strict","reason":"a\u0007"}""", "reason", "must have 1 to 500 characters, none of them a control character.")]
    [InlineData("""{"strictness":"strict"}""", "reason", "is required.")]
    [InlineData("""{"strictness":"strict","reason":"r","multiplierPpm":1}""", "multiplierPpm", "is not a known member.")]
    public async Task What_is_not_acceptable_is_named_and_changes_nothing(string wish, string field, string message)
    {
        var plan = await NewPlanAsync();
        foreach (var (method, target) in new[] { (HttpMethod.Patch, $"/admin/plans/{plan}"), (HttpMethod.Post, $"/admin/plans/{plan}/preview") })
        {
            var (status, problem) = await accounts.SendTextAsync(method, target, wish, null, (CallHeaders.Actor, "ada"));
            var error = Assert.Single(problem.GetProperty("errors").EnumerateObject());
            Assert.Equal((400, field, message), (status, error.Name, Assert.Single(error.Value.EnumerateArray()).GetString()));
        }

        Assert.Empty(await HistoryAsync(plan));
    }

    [Theory]
    [InlineData("PATCH", "")]
    [InlineData("POST", "/preview")]
    [InlineData("GET", "/changes")]
    public async Task A_plan_that_nobody_has_made_does_not_exist(string method, string tail)
    {
        var wish = method == "GET" ? null : new { strictness = "strict", reason = "r" };
        var (status, problem) = await accounts.SendAsync(new HttpMethod(method), "/admin/plans/nobodys" + tail, wish, null, (CallHeaders.Actor, "ada"));

        Assert.Equal((404, "There is no such plan; GET /admin/plans lists them."), (status, problem.GetProperty("detail").GetString()));
    }

    [Fact]
    public async Task Operators_who_come_together_leave_a_history_that_ends_with_what_is_in_force()
    {
        var plan = await NewPlanAsync();
        string[] wishes = ["strict", "relaxed", "standard"];

        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => ChangeAsync(plan, wishes[i % 3])));

        var history = (await HistoryAsync(plan)).Select(change => change.Strictness).Prepend("standard").ToArray();
        Assert.All(history.Zip(history.Skip(1)), pair => Assert.NotEqual(pair.First, pair.Second));
        await using var command = accounts.Owner.CreateCommand("select strictness from plans where name = $1");
        command.Parameters.Add(new() { Value = plan });
        Assert.Equal(history[^1], await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        await Eventually.Equal(history.Length - 1, () => Task.FromResult(accounts.HeardOfPlan(plan)));
    }

    [Fact]
    public async Task Changes_are_read_page_by_page()
    {
        var plan = await NewPlanAsync();
        foreach (var strictness in new[] { "strict", "relaxed", "standard" }) await ChangeAsync(plan, strictness);

        var (_, first) = await accounts.SendAsync(HttpMethod.Get, $"/admin/plans/{plan}/changes?limit=2");
        var (_, second) = await accounts.SendAsync(HttpMethod.Get, $"/admin/plans/{plan}/changes?limit=2&after={first.GetProperty("next").GetString()}");
        var (status, _) = await accounts.SendAsync(HttpMethod.Get, $"/admin/plans/{plan}/changes?limit=0");

        Assert.Equal(["strict", "relaxed"], first.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("strictness").GetString()));
        Assert.Equal(["standard"], second.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("strictness").GetString()));
        Assert.Equal((JsonValueKind.Null, 400), (second.GetProperty("next").ValueKind, status));
    }

    [Theory]
    [InlineData("delete from plan_changes")]
    [InlineData("update plan_changes set actor = 'eve'")]
    [InlineData("update plans set requests_per_minute = 1")]
    public async Task The_services_own_role_cannot_rewrite_who_changed_what(string sql)
    {
        await using var command = accounts.App.CreateCommand(sql);

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync())).SqlState);
    }

    private static string Shown(string plan, string strictness) => JsonSerializer.Serialize(new
    {
        name = plan,
        requestsPerMinute = 10,
        tokensPerMinute = 20L,
        concurrentCalls = 30,
        micropointsPerDay = (long?)null,
        multiplierPpm = 1_000_000,
        strictness,
    });

    private Task<(int Status, JsonElement Body)> ChangeAsync(string plan, string strictness, string reason = "r") =>
        accounts.SendAsync(HttpMethod.Patch, $"/admin/plans/{plan}", new { strictness, reason }, null, (CallHeaders.Actor, "ada"));

    private async Task<(string? Strictness, string? Reason, string? Actor)[]> HistoryAsync(string plan)
    {
        var (status, body) = await accounts.SendAsync(HttpMethod.Get, $"/admin/plans/{plan}/changes");
        Assert.Equal(200, status);
        return [.. body.GetProperty("items").EnumerateArray().Select(item => (item.GetProperty("strictness").GetString(), item.GetProperty("reason").GetString(), item.GetProperty("actor").GetString()))];
    }

    private async Task<string> NewPlanAsync()
    {
        var name = $"plan-{Guid.CreateVersion7()}";
        await using var command = accounts.Owner.CreateCommand("insert into plans (name, requests_per_minute, tokens_per_minute, concurrent_calls, multiplier_ppm) values ($1, 10, 20, 30, 1000000)");
        command.Parameters.Add(new() { Value = name });
        await command.ExecuteNonQueryAsync();
        return name;
    }

    private async Task<Customer> CustomerOfAsync(string plan)
    {
        var customer = await accounts.CustomerAsync();
        await using var command = accounts.Owner.CreateCommand("update accounts set plan = $2 where id = $1");
        command.Parameters.Add(new() { Value = customer.Id });
        command.Parameters.Add(new() { Value = plan });
        await command.ExecuteNonQueryAsync();
        return customer;
    }
}
