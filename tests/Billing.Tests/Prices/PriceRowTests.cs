using System.Text.Json.Nodes;
using Aigc2d.Contracts;
using static Aigc2d.Billing.Tests.BillingFixture;
using static Aigc2d.Billing.Tests.Prices.PriceDesk;

namespace Aigc2d.Billing.Tests.Prices;

/// <summary>What a price row may be, and how it comes back.</summary>
public sealed class PriceRowTests(BillingFixture billing)
{
    [Fact]
    public async Task A_row_with_every_kind_comes_back_as_it_was_sent()
    {
        var model = await billing.ModelAsync(Tokens, Kinds);

        var row = JsonNode.Parse((await billing.GetAsync($"/admin/prices?model={model}")).GetProperty("items")[0].GetRawText())!.AsObject();

        foreach (var given in (string[])["version", "effectiveFrom"]) Assert.True(row.Remove(given));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse($$"""{"model":"{{model}}",{{Tokens}},{{Kinds}}}"""), row), row.ToJsonString());
    }

    [Theory]
    [InlineData("""  """, "inputMicropointsPer1k", "is required, with outputMicropointsPer1k, unless the row has micropointsPerSecond, micropointsPer1kCharacters, images, tasks or diffusion.")]
    [InlineData(""","inputMicropointsPer1k":1,"contextTokens":1,"maxOutputTokens":1""", "outputMicropointsPer1k", "is required beside inputMicropointsPer1k.")]
    [InlineData(""","outputMicropointsPer1k":1,"contextTokens":1,"maxOutputTokens":1""", "inputMicropointsPer1k", "is required beside outputMicropointsPer1k.")]
    [InlineData(""","inputMicropointsPer1k":1,"outputMicropointsPer1k":1,"maxOutputTokens":1""", "contextTokens", "must be 1 or more in a row with rates for tokens.")]
    [InlineData(""","inputMicropointsPer1k":1,"outputMicropointsPer1k":1,"contextTokens":1""", "maxOutputTokens", "must be 1 or more in a row with rates for tokens.")]
    [InlineData(""","inputMicropointsPer1k":-1,"outputMicropointsPer1k":1,"contextTokens":1,"maxOutputTokens":1""", "inputMicropointsPer1k", "must be between 0 and 1,000,000,000,000 micropoints per 1,000 tokens.")]
    [InlineData(""","reasoningMicropointsPer1k":1,"micropointsPerSecond":1""", "reasoningMicropointsPer1k", "needs inputMicropointsPer1k and outputMicropointsPer1k, the rates it is a part of.")]
    [InlineData(""","contextTokens":1,"micropointsPerSecond":1""", "contextTokens", "must be null in a row without rates for tokens.")]
    [InlineData(""","micropointsPerSecond":1000000000001""", "micropointsPerSecond", "must be between 0 and 1,000,000,000,000 micropoints per second.")]
    [InlineData(""","micropointsPer1kCharacters":-1""", "micropointsPer1kCharacters", "must be between 0 and 1,000,000,000,000 micropoints per 1,000 characters.")]
    [InlineData(""","images":{}""", "images", "must have 1 to 100 entries, or be null.")]
    [InlineData(""","images":{"a/b/c":1}""", "images.a/b/c", "must be a size, or size/quality, of letters, digits and _ . : -, each up to 32 characters.")]
    [InlineData(""","images":{"1024x1024":-1}""", "images.1024x1024", "must be between 0 and 1,000,000,000,000 micropoints per image.")]
    [InlineData(""","tasks":{"two words":1}""", "tasks.two words", "must be an action of 1 to 32 letters, digits, _ and -.")]
    [InlineData(""","diffusion":{"base":1001,"perControlNetUnit":6,"micropointsPerUnit":1,"roundToMicropoints":1}""", "diffusion.base", "must be between 0 and 1,000.")]
    [InlineData(""","diffusion":{"base":5,"perControlNetUnit":6,"micropointsPerUnit":1,"roundToMicropoints":0}""", "diffusion.roundToMicropoints", "must be between 1 and 1,000,000,000,000 micropoints.")]
    public async Task A_fault_names_the_field_and_its_bound_and_nothing_is_added(string members, string field, string message)
    {
        var model = $"model-{Guid.CreateVersion7()}";

        var (status, body) = await billing.TryPutAsync($$"""[{"model":"{{model}}-fine","micropointsPerSecond":1},{"model":"{{model}}"{{members}}}]""");

        Assert.Equal((400, message), (status, ErrorsOf(body)[$"[1].{field}"]));
        Assert.Empty((await billing.GetAsync($"/admin/prices?model={model}-fine")).GetProperty("items").EnumerateArray());
    }

    [Theory]
    [InlineData("""[{"model":"m","micropointsPerHour":1}]""", "micropointsPerHour")]
    [InlineData("""[{"model":"m","diffusion":{"base":5,"perControlNetUnit":6,"micropointsPerUnit":1,"roundToMicropoints":1,"squared":true}}]""", "squared")]
    public async Task An_unknown_member_is_refused_by_name(string body, string member)
    {
        var (status, problem) = await billing.TryPutAsync(body);
        Assert.Equal((400, "is not a known member."), (status, ErrorsOf(problem)[member]));
    }

    [Fact]
    public async Task All_dated_rows_of_a_model_are_shown_newest_first_on_request()
    {
        var model = await billing.ModelAsync("\"micropointsPerSecond\":1");
        await billing.PutAsync(model, "\"micropointsPerSecond\":2");

        var rates = (await billing.GetAsync($"/admin/prices?model={model}&history=true")).GetProperty("items").EnumerateArray().Select(row => row.GetProperty("micropointsPerSecond").GetInt64());

        Assert.Equal([2, 1], rates);
    }

    [Fact]
    public async Task Who_changed_a_price_is_kept()
    {
        var model = await billing.ModelAsync("\"micropointsPerSecond\":1");
        await using var command = billing.Owner.CreateCommand("select actor from price_versions join prices using (version) where model = $1");
        command.Parameters.Add(new() { Value = model });
        Assert.Equal("alice", await command.ExecuteScalarAsync());
        using var anonymous = Admin(HttpMethod.Put, "/admin/prices", new[] { new { model, micropointsPerSecond = 1 } });
        anonymous.Headers.Remove(CallHeaders.Actor);
        using var refused = await billing.Client.SendAsync(anonymous);
        Assert.Equal(400, (int)refused.StatusCode);
    }
}
