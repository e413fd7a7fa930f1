using Aigc2d.TestKit;

namespace Aigc2d.EndToEnd.Tests.Acceptance;

/// <summary>Compares a whole scenario: what the client saw, the requests it made, the charges of its account and the points that are left.</summary>
internal static class SeenAssertions
{
    /// <param name="suite">The suite.</param>
    /// <param name="client">One of <see cref="Client"/>.</param>
    /// <param name="scenario">Its scenario.</param>
    /// <param name="expected">What the client saw, as JSON.</param>
    /// <param name="requests">The status of every answer in order of the requests at the edge; 0 where the client did not wait for it. Refusals by a busy machine (503), which
    /// clients repeat, count only where they are the subject.</param>
    /// <param name="charged">Every charge as <c>in/out end</c>, sorted, separated by commas.</param>
    /// <param name="opening">What the account had, micropoints.</param>
    public static async Task AssertSeenAsync(this Suite suite, string client, string scenario, string expected, string requests = "200", string charged = "", long opening = DotNetCall.Opening)
    {
        var seen = await suite.Clients.SeenAsync(client, scenario);

        Assert.Equal(expected, seen.Result.GetRawText());
        Assert.Equal(requests, string.Join(' ', suite.Clients.Wire.ExchangesOf(seen.Key!).Select(exchange => exchange.Status).Where(status => status != 503 || requests.Contains("503", StringComparison.Ordinal))));
        if (seen.Account is null) return;

        await Eventually.Equal(charged, async () => string.Join(", ", (await suite.Clients.Feed.ChargesOfAsync(seen.Account)).Select(charge => $"{charge}").Order(StringComparer.Ordinal)));
        var charges = await suite.Clients.Feed.ChargesOfAsync(seen.Account);
        Assert.All(charges, charge => Assert.Equal(Charges.PriceOf(charge.InputTokens, charge.OutputTokens), charge.Micropoints));

        // Nothing is held any more: no further charge is to come.
        await Eventually.Equal((opening - charges.Sum(charge => charge.Micropoints), 0), () => suite.PointsOfAsync(seen.Account));
    }

    /// <summary>The stream of a scenario was kept alive by comments.</summary>
    public static async Task AssertHeartbeatsAsync(this Suite suite, string client, string scenario)
    {
        var seen = await suite.Clients.SeenAsync(client, scenario);
        Assert.InRange(suite.Clients.Wire.ExchangesOf(seen.Key!).Last().Heartbeats, 1, 3);
    }

    /// <summary>
    /// A provider that fails is asked at most three times for each request, less when retries are short; the failure is told and free. A refusal by a busy
    /// machine is one of the client's requests that never came to the provider.
    /// </summary>
    public static async Task AssertProviderFailsAsync(this Suite suite, string client, string error, string requests)
    {
        var seen = await suite.Clients.SeenAsync(client, "providerFails");
        var asked = seen.Result.GetProperty("asked").GetInt32();
        var made = requests.Split(' ').Length - suite.Clients.Wire.ExchangesOf(seen.Key!).Count(exchange => exchange.Status == 503);
        requests = string.Join(' ', requests.Split(' ')[..made]);
        Assert.InRange(asked, made, made * 3);
        await suite.AssertSeenAsync(client, "providerFails", $$"""{"seen":"{{error}}","asked":{{asked}}}""", requests);
    }
}
