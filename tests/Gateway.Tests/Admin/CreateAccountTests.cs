using Aigc2d.Contracts;
using Aigc2d.Gateway.Tests.Stands;

namespace Aigc2d.Gateway.Tests.Admin;

public sealed class CreateAccountTests
{
    private const string Id = "01930000-0000-7000-8000-000000000001";
    private const string Account = $$$"""{"id":"{{{Id}}}","key":{"id":"k","key":"AIGC2D-2f68dbbf-519d-4f01-9636-e2421b68f379","last4":"f379"}}""";

    [Fact]
    public async Task An_account_without_points_is_made_by_Accounts_alone()
    {
        await using var edge = await Edge.StartAsync();
        Script(edge, 500);
        using var answer = await edge.AdminAsync(HttpMethod.Post, "/admin/accounts", content: Edge.Json("""{"name":"acme"}"""));
        Assert.Equal((201, Account), ((int)answer.StatusCode, await answer.TextAsync()));
        var asked = edge.Siblings.Accounts.Requests.Single(asked => asked.Target == "/admin/accounts");
        Assert.Equal(("""{"name":"acme","micropoints":0}""", "ada", false), (asked.Text, asked.Headers[CallHeaders.Actor], asked.Headers.ContainsKey("Idempotency-Key")));
        Assert.Empty(edge.Siblings.Billing.Requests);
    }

    [Fact]
    public async Task The_opening_balance_is_posted_once_for_the_new_account()
    {
        await using var edge = await Edge.StartAsync();
        Script(edge, 200);
        using var answer = await edge.AdminAsync(HttpMethod.Post, "/admin/accounts", content: Edge.Json("""{"name":"acme","micropoints":9007199254740991}"""));
        Assert.Equal((201, Account), ((int)answer.StatusCode, await answer.TextAsync()));
        var asked = Assert.Single(edge.Siblings.Billing.Requests);
        Assert.Equal(
            ($"/admin/accounts/{Id}/points", """{"micropoints":9007199254740991,"reason":"opening balance"}""", "ada", $"account-{Id}"),
            (asked.Target, asked.Text, asked.Headers[CallHeaders.Actor], asked.Headers["Idempotency-Key"]));
    }

    [Fact]
    public async Task A_repetition_that_Accounts_recognises_is_granted_under_the_same_key_and_answered_as_one()
    {
        await using var edge = await Edge.StartAsync();
        Script(edge, 200, accountStatus: 200);
        using var answer = await edge.AdminAsync(
            HttpMethod.Post, "/admin/accounts", content: Edge.Json("""{"name":"acme","micropoints":5}"""), headers: headers => headers.Add("Idempotency-Key", "wish-1"));
        Assert.Equal((200, Account), ((int)answer.StatusCode, await answer.TextAsync()));
        Assert.Equal("wish-1", edge.Siblings.Accounts.Requests.Single(asked => asked.Target == "/admin/accounts").Headers["Idempotency-Key"]);
        Assert.Equal($"account-{Id}", Assert.Single(edge.Siblings.Billing.Requests).Headers["Idempotency-Key"]);
    }

    [Fact]
    public async Task A_balance_that_a_second_person_must_approve_is_told_as_pending()
    {
        await using var edge = await Edge.StartAsync();
        Script(edge, 202);
        using var answer = await edge.AdminAsync(HttpMethod.Post, "/admin/accounts", content: Edge.Json("""{"name":"acme","micropoints":1}"""));
        Assert.Equal((201, $$$"""{{{Account[..^1]}}},"grant":{"transactionId":"t","state":"pending"}}"""), ((int)answer.StatusCode, await answer.TextAsync()));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(0)]
    public async Task When_the_balance_cannot_be_posted_the_answer_says_what_to_do_and_keeps_the_key(int status)
    {
        await using var edge = await Edge.StartAsync();
        Script(edge, status);
        using var answer = await edge.AdminAsync(HttpMethod.Post, "/admin/accounts", content: Edge.Json("""{"name":"acme","micropoints":5}"""));
        var problem = await answer.AssertProblemAsync(
            502, "grant-failed",
            $"Account {Id} exists and its key is in this answer, but its opening balance is not posted. POST /admin/accounts/{Id}/points with "
            + $"{{\"micropoints\":5,\"reason\":\"opening balance\"}} and the header 'Idempotency-Key: account-{Id}'; it is posted once, however often you send it.");
        Assert.Equal(Account, problem.GetProperty("account").GetRawText());
        Assert.Equal(3, edge.Siblings.Billing.Requests.Count);
    }

    [Theory]
    [InlineData("""{"name":"acme","micropoints":-1}""", "micropoints: must be an integer from 0 to 9007199254740991.")]
    [InlineData("""{"name":"acme","micropoints":9007199254740992}""", "micropoints: must be an integer from 0 to 9007199254740991.")]
    [InlineData("""{"name":"acme","micropoints":1.5}""", "micropoints: has the wrong type or range.")]
    [InlineData("""{"name":"acme","micropoints":"1"}""", "micropoints: has the wrong type or range.")]
    [InlineData("""{"micropoints":1}""", "name: is required.")]
    [InlineData("""{"name":"acme","points":1}""", "points: is not a known member.")]
    public async Task A_faulty_body_is_400_and_nobody_is_asked(string body, string detail)
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.AdminAsync(HttpMethod.Post, "/admin/accounts", content: Edge.Json(body));
        await answer.AssertProblemAsync(400, "invalid", detail);
        Assert.DoesNotContain(edge.Siblings.Accounts.Requests, asked => asked.Target == "/admin/accounts");
    }

    [Fact]
    public async Task What_Accounts_refuses_is_passed_on()
    {
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Accounts.Routes["POST /admin/accounts"] = context =>
        {
            context.Response.StatusCode = 400;
            return AdaptersStandIn.JsonAsync(context, """{"title":"no"}""");
        };
        using var answer = await edge.AdminAsync(HttpMethod.Post, "/admin/accounts", content: Edge.Json("""{"name":"","micropoints":5}"""));
        Assert.Equal((400, """{"title":"no"}"""), ((int)answer.StatusCode, await answer.TextAsync()));
        Assert.Empty(edge.Siblings.Billing.Requests);
    }

    [Fact]
    public async Task An_account_is_shown_with_its_points()
    {
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Accounts.Routes[$"GET /internal/accounts/{Id}"] = context => AdaptersStandIn.JsonAsync(context, $$"""{"id":"{{Id}}","plan":"free"}""");
        using var known = await edge.AdminAsync(HttpMethod.Get, $"/admin/accounts/{Id}");
        using var unknown = await edge.AdminAsync(HttpMethod.Get, $"/admin/accounts/{Guid.Empty}");
        Assert.Equal(
            (200, $$"""{"id":"{{Id}}","plan":"free","balanceMicropoints":10,"heldMicropoints":3,"availableMicropoints":7,"sealedMicropoints":0}"""),
            ((int)known.StatusCode, await known.TextAsync()));
        await unknown.AssertProblemAsync(404, "not-found", $"There is no account {Guid.Empty}.");
    }

    private static void Script(Edge edge, int grantStatus, int accountStatus = 201)
    {
        edge.Siblings.Accounts.Routes["POST /admin/accounts"] = context =>
        {
            context.Response.StatusCode = accountStatus;
            return AdaptersStandIn.JsonAsync(context, Account);
        };
        edge.Siblings.Billing.Routes[$"POST /admin/accounts/{Id}/points"] = context =>
        {
            if (grantStatus == 0) context.Abort();
            else context.Response.StatusCode = grantStatus;
            return grantStatus == 202 ? AdaptersStandIn.JsonAsync(context, """{"transactionId":"t","state":"pending"}""") : Task.CompletedTask;
        };
    }
}
