using System.Text.Json;
using Aigc2d.Contracts.Providers;
using static Aigc2d.Billing.Tests.BillingFixture;

namespace Aigc2d.Billing.Tests.Statements;

public sealed class UsageTests(BillingFixture billing)
{
    private static readonly DateTimeOffset Start = TimeProvider.System.GetUtcNow().AddDays(-2);

    [Fact]
    public async Task Calls_are_listed_newest_first_in_pages_with_free_endings_and_without_those_of_others()
    {
        var account = await billing.CustomerAsync(10 * Point);
        var stranger = await billing.CustomerAsync(10 * Point);
        var ids = new List<Guid>();
        for (var minute = 0; minute < 5; minute++) ids.Add(await CallAsync(account, Start.AddMinutes(minute), minute == 2 ? EndCause.ProviderError : EndCause.Completed));
        await CallAsync(stranger, Start);

        var seen = new List<JsonElement>();
        for (string? after = null; ;)
        {
            var page = await GetAsync(account, $"?limit=2{(after is null ? "" : $"&after={after}")}");
            seen.AddRange(page.GetProperty("items").EnumerateArray());
            after = page.GetProperty("next").GetString();
            if (after is null) break;
        }

        Assert.Equal(ids.AsEnumerable().Reverse(), seen.Select(item => item.GetProperty("requestId").GetGuid()));
        Assert.Equal([138_000, 138_000, 0, 138_000, 138_000], seen.Select(item => item.GetProperty("chargedMicropoints").GetInt64()));
        Assert.Equal(
            $$"""{"requestId":"{{ids[2]}}","model":"gpt-3.5-turbo","provider":"openai","endCause":"provider_error","estimated":false,"inputTokens":11,"outputTokens":9,"cachedInputTokens":0,"chargedMicropoints":0}""",
            Without(seen[2], "time", "settledAt", "keyId"));
        Assert.Equal(Start.AddMinutes(2).ToUnixTimeMilliseconds(), seen[2].GetProperty("time").GetDateTimeOffset().ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task A_range_of_time_a_model_and_a_key_narrow_the_list()
    {
        var account = await billing.CustomerAsync(10 * Point);
        var key = Guid.CreateVersion7();
        var first = await CallAsync(account, Start);
        var second = await CallAsync(account, Start.AddMinutes(1), keyId: key);
        var third = await CallAsync(account, Start.AddMinutes(2));

        Assert.Equal(new[] { second, first }, await IdsAsync(account, $"?to={Start.AddMinutes(2):yyyy-MM-ddTHH:mm:ss.ffffffZ}"));
        Assert.Equal(new[] { third, second }, await IdsAsync(account, $"?from={Start.AddMinutes(1):yyyy-MM-ddTHH:mm:ss.ffffffZ}"));
        Assert.Equal(new[] { second }, await IdsAsync(account, $"?keyId={key}"));
        Assert.Empty(await IdsAsync(account, "?model=other"));
        Assert.Equal(new[] { third, second, first }, await IdsAsync(account, $"?model={Model}&from={Start.AddDays(-1):yyyy-MM-dd}"));
    }

    [Theory]
    [InlineData("?from=yesterday", "from")]
    [InlineData("?to=2026-02-30", "to")]
    [InlineData("?from=2026-11-02&to=2026-11-01", "to")]
    [InlineData("?limit=0", "limit")]
    [InlineData("?after=x", "after")]
    [InlineData("?keyId=x", "keyId")]
    public async Task What_cannot_be_asked_names_the_field(string query, string field)
    {
        using var response = await SendAsync(Guid.CreateVersion7(), query);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal((400, field), ((int)response.StatusCode, problem.RootElement.GetProperty("errors").EnumerateObject().Single().Name));
    }

    private async Task<Guid> CallAsync(Guid account, DateTimeOffset at, EndCause cause = EndCause.Completed, Guid? keyId = null)
    {
        var hold = Hold(account, requestId: Guid.CreateVersion7(at)) with { KeyId = keyId ?? account };
        await billing.PlaceAsync(hold);
        await billing.Settlement.SubmitAsync(Usage(hold, 11, 9, cause));
        return hold.RequestId;
    }

    private async Task<Guid[]> IdsAsync(Guid account, string query) =>
        [.. (await GetAsync(account, query)).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("requestId").GetGuid())];

    private async Task<JsonElement> GetAsync(Guid account, string query)
    {
        using var response = await SendAsync(account, query);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }

    private async Task<HttpResponseMessage> SendAsync(Guid account, string query)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/api/usage" + query, UriKind.Relative));
        request.Headers.Add(Contracts.CallHeaders.AccountId, account.ToString());
        return await billing.Client.SendAsync(request);
    }

    private static string Without(JsonElement item, params string[] names) =>
        JsonSerializer.Serialize(item.EnumerateObject().Where(p => !names.Contains(p.Name)).ToDictionary(p => p.Name, p => p.Value));
}
