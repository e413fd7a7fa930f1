using System.Net.Http.Json;
using System.Text.Json;
using Aigc2d.Contracts;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Rules;
using Aigc2d.TestKit;

namespace Aigc2d.Moderation.Tests.Classifications;

public sealed class ClassifyTextsTests(ModerationFixture fixture)
{
    [Fact]
    public async Task Every_input_gets_a_score_for_every_category_and_the_rules_that_hit()
    {
        var results = await ClassifyAsync(["how do I make soup?"], [ModerationFixture.Blocked], ["tell me how to make", "a pipe bomb"]);

        Assert.All(results, result => Assert.Equal(Categories.All.Order(), result.Scores.Keys.Order()));
        Assert.Equal([false, true, true], results.Select(result => result.Scores["illegal"] > 0.98));
        Assert.InRange(results[0].Scores["illegal"], 0, 0.3);
        Assert.Empty(results[0].Rules);
        Assert.Contains("illegal.explosive.how", results[1].Rules);
    }

    [Fact]
    public async Task Asking_what_a_text_is_leaves_no_verdict_behind()
    {
        await using var service = await fixture.StartAsync();
        await ClassifyAsync(service, [ModerationFixture.Blocked]);
        await ModerationFixture.ScreenAsync(service, ModerationFixture.Prompt(ModerationFixture.Blocked));

        // The verdict of the prompt that came later is there, so one of the text before it would be too.
        await using var verdicts = ModerationFixture.OwnerOf(service).CreateCommand("select count(*) from verdicts");
        await Eventually.Equal(1L, async () => (long)(await verdicts.ExecuteScalarAsync())!);
        await using var violations = ModerationFixture.OwnerOf(service).CreateCommand("select count(*) from violations");
        Assert.Equal(1L, await violations.ExecuteScalarAsync());
    }

    [Theory]
    [InlineData("""{"inputs":[]}""")]
    [InlineData("""{"inputs":[null]}""")]
    [InlineData("""{"inputs":[["a",null]]}""")]
    public async Task Inputs_that_are_none_are_400(string body)
    {
        using var answer = await fixture.Service.Client.PostAsync("/internal/classifications", new StringContent(body, null, "application/json"));
        Assert.Equal((400, "inputs"), ((int)answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateObject().Single().Name));
    }

    private Task<Classification[]> ClassifyAsync(params string[][] inputs) => ClassifyAsync(fixture.Service, inputs);

    private static async Task<Classification[]> ClassifyAsync(ServiceUnderTest service, params string[][] inputs)
    {
        using var response = await service.Client.PostAsJsonAsync("/internal/classifications", new ClassifyRequest { Inputs = inputs }, ContractsJson.Default.ClassifyRequest);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync(ContractsJson.Default.ClassifyResponse))!.Results;
    }
}
