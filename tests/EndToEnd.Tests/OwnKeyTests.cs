using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aigc2d.TestKit;

namespace Aigc2d.EndToEnd.Tests;

/// <summary>Bring your own key: the provider bills the account, and we charge a fee.</summary>
public sealed class OwnKeyTests(Suite suite)
{
    [Fact]
    public async Task An_account_that_stored_its_key_is_answered_over_it_for_a_tenth_of_the_price_and_nobody_else_is()
    {
        const string Secret = "sk-end-to-end-own-key-2468";
        var model = await suite.ModelAsync();
        var (account, key) = await suite.CustomerAsync(10_000_000);
        var (otherAccount, otherKey) = await suite.CustomerAsync(10_000_000);

        using var stored = await suite.SendAsync(
            HttpMethod.Post, "/api/provider-keys", key, JsonContent.Create(new { provider = "openai", name = "mine", credential = Secret, baseUrl = suite["AIGC2D_SANDBOX_URL"], models = new[] { model } }));
        var id = (await stored.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();
        using var own = await suite.ChatAsync(key, model);
        using var other = await suite.ChatAsync(otherKey, model);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.OK), (stored.StatusCode, own.StatusCode, other.StatusCode));
        Assert.Equal([$"Bearer {Secret}"], await suite.UpstreamKeysAsync(model));
        var usage = (await own.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("usage");
        var price = Charges.PriceOf(usage.GetProperty("prompt_tokens").GetInt32(), usage.GetProperty("completion_tokens").GetInt32());
        await Eventually.Equal((10_000_000 - ((price + 9) / 10), 0), () => suite.PointsOfAsync(account));
        await Eventually.Equal((10_000_000 - price, 0), () => suite.PointsOfAsync(otherAccount));
        var charge = Assert.Single(await suite.ChargesOfAsync(account)).GetProperty("data");
        Assert.Equal((100_000, id), (charge.GetProperty("ownKeyFeePpm").GetInt32(), charge.GetProperty("channelId").GetString()));
        Assert.False(Assert.Single(await suite.ChargesOfAsync(otherAccount)).GetProperty("data").TryGetProperty("ownKeyFeePpm", out _));
        Assert.DoesNotContain(Secret, suite.ToString(), StringComparison.Ordinal);
    }
}
