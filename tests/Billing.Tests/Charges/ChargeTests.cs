using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aigc2d.Billing.Tests.Prices;
using Aigc2d.Contracts;
using Aigc2d.Contracts.Billing;
using Aigc2d.Contracts.Providers;
using static Aigc2d.Billing.Tests.BillingFixture;

namespace Aigc2d.Billing.Tests.Charges;

/// <summary>Every charge can be recomputed from its event and is shown line by line.</summary>
public sealed class ChargeTests(BillingFixture billing)
{
    private static readonly DiffusionJob Job = new() { Width = 768, Height = 768, Steps = 20, ControlNetUnits = 1 };

    [Fact]
    public async Task Every_charge_can_be_recomputed_from_its_event_alone()
    {
        await ChargeOfEachKindAsync();

        var seen = 0;
        await using var command = billing.Owner.CreateCommand("select data::text from billing_events where type = 'billing.usage.charged.v1'");
        await using var reader = await command.ExecuteReaderAsync();
        for (; await reader.ReadAsync(); seen++)
        {
            var data = JsonDocument.Parse(reader.GetString(0)).RootElement;
            var (price, charged) = (Recompute(data), -data.GetProperty("amountMicropoints").GetInt64());
            var isWhole = data.GetProperty("rule").GetString() == "plain" && !data.GetProperty("estimated").GetBoolean();
            Assert.True(isWhole ? price == charged : price >= charged, $"{price} was recomputed from {data}");
        }

        Assert.True(seen >= 8);
    }

    [Fact]
    public async Task A_chats_event_has_the_members_it_always_had()
    {
        var account = await billing.CustomerAsync(10 * Point);
        var hold = Hold(account);
        await billing.PlaceAsync(hold);
        await billing.Settlement.SubmitAsync(Usage(hold, 11, 9));

        await using var command = billing.Owner.CreateCommand("select data::text from billing_events where account_id = $1 and account_sequence = 2");
        command.Parameters.Add(new() { Value = account });
        var data = JsonNode.Parse((string)(await command.ExecuteScalarAsync())!)!.AsObject();

        Assert.Equal(
            [
                "accountId", "accountSequence", "amountMicropoints", "balanceMicropoints", "cachedInputTokens", "channelId", "endCause", "estimated", "inputTokens", "keyId", "model",
                "multiplierPpm", "outputTokens", "priceVersion", "provider", "rates", "requestId", "rule",
            ],
            data.Select(member => member.Key).Order(StringComparer.Ordinal));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"input":6000000,"output":8000000}"""), data["rates"]));
    }

    [Fact]
    public async Task A_charge_is_shown_from_its_lines_to_its_total()
    {
        var account = await billing.CustomerAsync(1000 * Point);
        var model = await billing.ModelAsync(PriceDesk.Tokens);
        var hold = Hold(account, input: 1000, output: 1000, model: model) with { MultiplierPpm = 900_000 };
        await billing.PlaceAsync(hold);
        await billing.Settlement.SubmitAsync(Usage(hold, 111, 7) with { CachedInputTokens = 10, ReasoningTokens = 5 });

        var shown = JsonNode.Parse((await ShowAsync(hold.RequestId, account)).Body)!.AsObject();

        // 606,000 + 30,000 + 16,000 + 80,000 = 732,000; × 0.9 = 658,800.
        Assert.True(JsonNode.DeepEquals(shown["lines"], JsonNode.Parse("""
            [{"meter":"input_tokens","of":null,"quantity":101,"rateMicropoints":6000000,"per":1000,"amountMicropoints":"606000"},
            {"meter":"cached_input_tokens","of":null,"quantity":10,"rateMicropoints":3000000,"per":1000,"amountMicropoints":"30000"},
            {"meter":"output_tokens","of":null,"quantity":2,"rateMicropoints":8000000,"per":1000,"amountMicropoints":"16000"},
            {"meter":"reasoning_tokens","of":null,"quantity":5,"rateMicropoints":16000000,"per":1000,"amountMicropoints":"80000"}]
            """)), shown.ToJsonString());
        Assert.Equal(
            "732000 900000 658800 658800 10000 658800 plain 658800 0.6588 0.00138348",
            string.Join(' ', new[] { "sumMicropoints", "multiplierPpm", "multipliedMicropoints", "roundedMicropoints", "minimumMicropoints", "priceMicropoints", "rule", "totalMicropoints", "totalPoints", "totalCny" }.Select(member => shown[member])));
        Assert.Equal((hold.RequestId, account, model, "completed"), (shown["requestId"]!.GetValue<Guid>(), shown["accountId"]!.GetValue<Guid>(), (string?)shown["model"], (string?)shown["endCause"]));
    }

    [Fact]
    public async Task Rounding_and_the_minimum_are_shown_apart()
    {
        var account = await billing.CustomerAsync(10 * Point);
        var hold = Hold(account) with { MultiplierPpm = 333_333 };
        await billing.PlaceAsync(hold);
        await billing.Settlement.SubmitAsync(Usage(hold, 1, 0));

        var shown = JsonNode.Parse((await ShowAsync(hold.RequestId, account)).Body)!;

        Assert.Equal("6000 1999.998 2000 10000 10000", string.Join(' ', new[] { "sumMicropoints", "multipliedMicropoints", "roundedMicropoints", "priceMicropoints", "totalMicropoints" }.Select(member => shown[member])));
    }

    [Fact]
    public async Task Every_rule_shows_what_was_charged_and_why()
    {
        var account = await billing.CustomerAsync(20 * Point);
        PlaceHold[] holds = [Hold(account), Hold(account), Hold(account), Hold(account)];
        await billing.Placement.PlaceAsync(holds);
        await billing.Release.SubmitAsync(new() { RequestId = holds[3].RequestId, AccountId = account, Reason = "test" }, CancellationToken.None);
        await billing.Settlement.SubmitAsync(Usage(holds[0], 1000, 0));
        await billing.Settlement.SubmitAsync(Usage(holds[1], 1000, 0) with { Estimated = true });
        await billing.Settlement.SubmitAsync(Usage(holds[2], 1000, 0, EndCause.ProviderCut));
        await billing.Settlement.SubmitAsync(Usage(holds[3], 100, 0));

        var shown = new List<string>();
        foreach (var hold in holds)
        {
            var charge = JsonNode.Parse((await ShowAsync(hold.RequestId, account)).Body)!;
            shown.Add($"{charge["rule"]} {charge["priceMicropoints"]} {charge["totalMicropoints"]} {charge["explanation"]}");
        }

        Assert.Equal(
            [
                "shortfall 6000000 1250000 More was used than was held; it was charged up to the limit for such cases, and the rest is not charged.",
                "plain 6000000 1000000 We counted the usage ourselves, so no more than the hold was charged.",
                "free 0 0 The request ended as provider_cut, which is free; everything that was held was given back.",
                "late 600000 600000 The usage came after the hold had ended; it was charged from available points.",
            ],
            shown);
    }

    [Fact]
    public async Task Tasks_and_images_name_what_was_bought()
    {
        var (account, asks) = await ChargeOfEachKindAsync();
        var lines = new List<string>();
        foreach (var ask in asks)
        {
            foreach (var line in JsonNode.Parse((await ShowAsync(ask.RequestId, account)).Body)!["lines"]!.AsArray()) lines.Add($"{line!["meter"]} {line["of"]} {line["quantity"]} {line["rateMicropoints"]}/{line["per"]} {line["amountMicropoints"]}");
        }

        Assert.Equal(
            [
                "characters  2345 15000000/1000 35175000", "milliseconds  61251 150000/1000 9187650", "images 1024x1024/hd 3 80000000/1 240000000", "tasks imagine 1 100000000/1 100000000",
                "diffusion (5 + 6 × 1) × 0.589824 megapixels × 20 steps × 1 images × 0.4 points, rounded to 1 1 52000000/1 52000000",
            ],
            lines);
    }

    [Fact]
    public async Task Another_tenants_charge_does_not_exist_and_finance_sees_every_one()
    {
        var account = await billing.CustomerAsync(10 * Point);
        var hold = Hold(account);
        await billing.PlaceAsync(hold);
        Assert.Equal(404, (await ShowAsync(hold.RequestId, account)).Status);
        await billing.Settlement.SubmitAsync(Usage(hold, 11, 9));

        Assert.Equal(404, (await ShowAsync(hold.RequestId, Guid.CreateVersion7())).Status);
        Assert.Equal(404, (await ShowAsync(Guid.CreateVersion7(), account)).Status);
        Assert.Equal(400, (await ShowAsync(hold.RequestId, null)).Status);
        Assert.Equal(138_000, (await billing.GetAsync($"/finance/charges/{hold.RequestId}")).GetProperty("totalMicropoints").GetInt64());
    }

    /// <summary>One charge of each kind that is not tokens.</summary>
    private async Task<(Guid Account, PlaceHold[] Asks)> ChargeOfEachKindAsync()
    {
        var model = await billing.ModelAsync(PriceDesk.Tokens, PriceDesk.Kinds);
        var account = await billing.CustomerAsync(1000 * Point);
        PlaceHold Ask() => Hold(account, input: 0, output: 1, model: model);
        PlaceHold[] asks =
        [
            Ask() with { Characters = 3_000 }, Ask() with { Milliseconds = 90_000 }, Ask() with { Images = 3, ImageSize = "1024x1024", ImageQuality = "hd" },
            Ask() with { TaskAction = "imagine" }, Ask() with { Diffusion = Job },
        ];
        await billing.Placement.PlaceAsync(asks);
        await billing.Settlement.SettleAsync([
            Usage(asks[0], 0, 0) with { Characters = 2_345 }, Usage(asks[1], 0, 0) with { Milliseconds = 61_251 }, Usage(asks[2], 0, 0) with { Images = 3 }, Usage(asks[3], 0, 0), Usage(asks[4], 0, 0),
        ]);
        var details = Hold(account, input: 1000, output: 1000, model: model) with { MultiplierPpm = 1_234_567 };
        var cached = Hold(account, input: 1000, output: 1000, model: model);
        await billing.Placement.PlaceAsync([details, cached]);
        await billing.Settlement.SettleAsync([
            Usage(details, 101, 81) with { CachedInputTokens = 10, CacheWriteTokens = 20, AudioInputTokens = 30, ImageInputTokens = 5, ReasoningTokens = 40, AudioOutputTokens = 10, ImageOutputTokens = 20 },
            Usage(cached, 10, 1) with { CachedInputTokens = 12 },
        ]);
        var own = Hold(account, input: 1000, output: 1000, model: model) with { MultiplierPpm = 1_234_567 };
        await billing.PlaceAsync(own);
        await billing.Settlement.SubmitAsync(Usage(own, 101, 81) with { OwnKey = true });
        return (account, asks);
    }

    /// <summary>The published formula, from the members of the event and nothing else.</summary>
    private static BigInteger Recompute(JsonElement data)
    {
        var rates = data.GetProperty("rates");
        var (input, output) = (Number(rates, "input"), Number(rates, "output"));
        var sum = (Number(data, "inputTokens") * input) + (Number(data, "outputTokens") * output);
        foreach (var (tokens, rate, parent) in new[]
        {
            ("cachedInputTokens", "cachedInput", input), ("cacheWriteTokens", "cacheWrite", input), ("audioInputTokens", "audioInput", input), ("imageInputTokens", "imageInput", input),
            ("reasoningTokens", "reasoning", output), ("audioOutputTokens", "audioOutput", output), ("imageOutputTokens", "imageOutput", output),
        })
        {
            if (rates.TryGetProperty(rate, out var own)) sum += Number(data, tokens) * (own.GetInt64() - parent);
        }

        sum += Number(data, "milliseconds") * Number(rates, "second");
        sum += Number(data, "characters") * Number(rates, "characters");
        sum += 1000 * ((Number(data, "images") * Number(rates, "image")) + Number(rates, "task"));
        if (data.TryGetProperty("diffusion", out var job))
        {
            var formula = rates.GetProperty("diffusion");
            var work = Number(formula, "base") + (Number(formula, "perControlNetUnit") * Number(job, "controlNetUnits"));
            foreach (var factor in (string[])["width", "height", "steps", "images"]) work *= Number(job, factor);
            var step = Number(formula, "roundToMicropoints");
            sum += 1000 * step * (((2 * work * Number(formula, "micropointsPerUnit")) + (1_000_000 * step)) / (2_000_000 * step));
        }

        var exact = sum * Number(data, "multiplierPpm");
        var price = (exact + 999_999_999) / 1_000_000_000;
        if (data.TryGetProperty("ownKeyFeePpm", out var share)) price = ((price * share.GetInt64()) + 999_999) / 1_000_000;
        return BigInteger.Max(10_000, price);
    }

    private static BigInteger Number(JsonElement element, string member) => element.TryGetProperty(member, out var value) ? value.GetInt64() : 0;

    private async Task<(int Status, string Body)> ShowAsync(Guid requestId, Guid? account)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/api/charges/{requestId}", UriKind.Relative));
        if (account is not null) request.Headers.Add(CallHeaders.AccountId, account.ToString());
        using var answer = await billing.Client.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
