using System.Text.Json;
using Aigc2d.TestKit;

namespace Aigc2d.EndToEnd.Tests;

/// <summary>What finance must have been told.</summary>
internal static class Charges
{
    /// <summary>The published price at 6 and 8 points per 1,000 tokens.</summary>
    public static long PriceOf(int inputTokens, int outputTokens) => Math.Max(10_000, (inputTokens * 6_000L) + (outputTokens * 8_000L));

    /// <summary>Waits for the one charge of an account and compares it with the usage its client saw and with the account's points.</summary>
    public static async Task AssertOneAsync(Suite suite, string account, int inputTokens, int outputTokens, string endCause, bool isEstimated = false)
    {
        await Eventually.Equal(1, async () => (await suite.ChargesOfAsync(account)).Length);
        var charge = (await suite.ChargesOfAsync(account)).Single().GetProperty("data");

        Assert.Equal(
            (-PriceOf(inputTokens, outputTokens), inputTokens, outputTokens, endCause, isEstimated),
            (Long(charge, "amountMicropoints"), (int)Long(charge, "inputTokens"), (int)Long(charge, "outputTokens"), charge.GetProperty("endCause").GetString(), charge.GetProperty("estimated").GetBoolean()));
        Assert.Equal((Long(charge, "balanceMicropoints"), 0), await suite.PointsOfAsync(account));
    }

    private static long Long(JsonElement data, string name) => data.GetProperty(name).GetInt64();
}
