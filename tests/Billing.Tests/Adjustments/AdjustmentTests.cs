using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using static Aigc2d.Billing.Tests.BillingFixture;

namespace Aigc2d.Billing.Tests.Adjustments;

public sealed class AdjustmentTests(BillingFixture billing)
{
    [Fact]
    public async Task Points_can_be_added_and_removed_with_a_reason()
    {
        var account = await billing.CustomerAsync(5 * Point);

        var (status, body) = await AdjustAsync(account, -2 * Point);

        Assert.Equal((HttpStatusCode.OK, "posted", 3 * Point), (status, body.GetProperty("state").GetString(), body.GetProperty("balanceMicropoints").GetInt64()));
        Assert.Equal((3 * Point, 0), await billing.StandAsync(account));
    }

    [Fact]
    public async Task A_debit_never_takes_held_points_or_goes_below_zero()
    {
        var account = await billing.CustomerAsync(5 * Point);
        await billing.PlaceAsync(Hold(account));

        Assert.Equal(HttpStatusCode.Conflict, (await AdjustAsync(account, -4_000_001)).Status);
        Assert.Equal((5 * Point, 1 * Point), await billing.StandAsync(account));
    }

    [Fact]
    public async Task The_same_idempotency_key_posts_once_and_another_amount_is_a_conflict()
    {
        var account = await billing.CustomerAsync(Point);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AdjustAsync(account, 3 * Point, key: "same")));
        var other = await AdjustAsync(account, 4 * Point, key: "same");

        Assert.Single(answers.Select(answer => answer.Body.GetProperty("transactionId").GetString()).Distinct());
        Assert.Equal(HttpStatusCode.Conflict, other.Status);
        Assert.Equal((4 * Point, 0), await billing.StandAsync(account));
    }

    [Fact]
    public async Task Above_the_limit_a_second_person_has_to_agree()
    {
        var account = await billing.CustomerAsync(Point);
        var (status, body) = await AdjustAsync(account, 1_000_001 * Point);
        var id = body.GetProperty("transactionId").GetString();
        Assert.Equal((HttpStatusCode.Accepted, "pending", (Point, 0L)), (status, body.GetProperty("state").GetString(), await billing.StandAsync(account)));

        Assert.Equal(HttpStatusCode.Forbidden, await ApproveAsync(id, "alice"));
        Assert.Equal((Point, 0), await billing.StandAsync(account));

        Assert.Equal(HttpStatusCode.OK, await ApproveAsync(id, "bob"));
        Assert.Equal(HttpStatusCode.OK, await ApproveAsync(id, "bob"));
        Assert.Equal((1_000_002 * Point, 0), await billing.StandAsync(account));
        Assert.Equal(HttpStatusCode.NotFound, await ApproveAsync(Guid.CreateVersion7().ToString(), "bob"));
    }

    [Theory]
    [InlineData("""{"micropoints":0,"reason":"x"}""", "micropoints")]
    [InlineData("""{"micropoints":1.5,"reason":"x"}""", "micropoints")]
    [InlineData("""{"micropoints":"5","reason":"x"}""", "micropoints")]
    [InlineData("""{"micropoints":9007199254740992,"reason":"x"}""", "micropoints")]
    [InlineData("""{"micropoints":-9223372036854775808,"reason":"x"}""", "micropoints")]
    [InlineData("""{"micropoints":5}""", "reason")]
    [InlineData("""{"micropoints":5,"reason":" "}""", "reason")]
    [InlineData("""{"micropoints":5,"reason":"x","points":7}""", "points")]
    public async Task A_body_that_makes_no_sense_is_refused_with_the_fields_name(string json, string field)
    {
        using var request = Admin(HttpMethod.Post, $"/admin/accounts/{Guid.CreateVersion7()}/points");
        request.Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        using var response = await billing.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal([field], (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateObject().Select(p => p.Name));
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> AdjustAsync(Guid account, long micropoints, string? key = null)
    {
        using var request = Admin(HttpMethod.Post, $"/admin/accounts/{account}/points", new { micropoints, reason = "a test" });
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        using var response = await billing.Client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    private async Task<HttpStatusCode> ApproveAsync(string? id, string actor)
    {
        using var request = Admin(HttpMethod.Post, $"/admin/adjustments/{id}/approve", actor: actor);
        using var response = await billing.Client.SendAsync(request);
        return response.StatusCode;
    }
}
