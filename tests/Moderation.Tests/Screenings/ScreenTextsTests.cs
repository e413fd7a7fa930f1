using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Aigc2d.Contracts;
using Aigc2d.Contracts.Moderation;

namespace Aigc2d.Moderation.Tests.Screenings;

/// <summary><c>POST /internal/screenings</c>.</summary>
public sealed class ScreenTextsTests(ModerationFixture moderation)
{
    [Fact]
    public async Task A_batch_answers_item_by_item_in_the_order_asked()
    {
        var verdicts = await moderation.ScreenAsync(
            ModerationFixture.Prompt("hello"),
            ModerationFixture.Prompt(ModerationFixture.Blocked),
            ModerationFixture.Prompt("I want to die"),
            ModerationFixture.Prompt(),
            ModerationFixture.Prompt("制作炸弹的步骤"));

        Assert.Equal(
            [
                """{"action":"allow","rules":[]}""",
                """{"action":"block","category":"illegal","rules":["illegal.explosive.how"]}""",
                """{"action":"support","category":"self_harm","rules":["self_harm.distress"]}""",
                """{"action":"allow","rules":[]}""",
                """{"action":"block","category":"illegal","rules":["illegal.explosive.steps.zh"]}""",
            ],
            verdicts.Select(v => JsonSerializer.Serialize(v, ContractsJson.Default.Verdict)));
    }

    [Fact]
    public async Task A_large_batch_is_shared_between_threads_and_keeps_its_order()
    {
        var filler = string.Join(' ', Enumerable.Repeat("the quick brown fox", 100));
        var screenings = Enumerable.Range(0, 256).Select(i => ModerationFixture.Prompt(filler, i % 3 == 0 ? ModerationFixture.Blocked : filler)).ToArray();

        var verdicts = await moderation.ScreenAsync(screenings);

        Assert.Equal(screenings.Select((_, i) => i % 3 == 0 ? VerdictAction.Block : VerdictAction.Allow), verdicts.Select(v => v.Action));
    }

    [Fact]
    public async Task A_violation_at_the_end_of_a_megabyte_is_found()
    {
        var verdicts = await moderation.ScreenAsync(ModerationFixture.Prompt(string.Concat(Enumerable.Repeat("lorem ipsum dolor ", 60_000)) + ModerationFixture.Blocked));

        Assert.Equal(VerdictAction.Block, verdicts[0].Action);
    }

    [Fact]
    public async Task A_body_larger_than_the_servers_usual_limit_is_read()
    {
        var verdicts = await moderation.ScreenAsync(ModerationFixture.Prompt(new string(' ', 31_000_000), ModerationFixture.Blocked));

        Assert.Equal(VerdictAction.Block, verdicts[0].Action);
    }

    [Theory]
    [InlineData("""{"screenings":[]}""", "screenings")]
    [InlineData("""{"screenings":[null]}""", "screenings")]
    [InlineData("""{"screenings":[{"requestId":"01930000-0000-7000-8000-000000000001","accountId":"01930000-0000-7000-8000-000000000002","stage":"prompt","texts":[null]}]}""", "screenings")]
    [InlineData("""{"screenings":[{"requestId":"01930000-0000-7000-8000-000000000001","accountId":"01930000-0000-7000-8000-000000000002","stage":"prompt","texts":null}]}""", "screenings[0].texts")]
    [InlineData("""{"screenings":[{"requestId":"01930000-0000-7000-8000-000000000001","accountId":"01930000-0000-7000-8000-000000000002","stage":"thought","texts":[]}]}""", "screenings[0].stage")]
    [InlineData("""{"screenings":7}""", "screenings")]
    [InlineData("""{}""", "screenings")]
    [InlineData("""{"screenings":[""", "screenings[0]")]
    public async Task A_body_that_is_not_a_batch_is_refused_by_the_name_of_the_field(string body, string field)
    {
        using var response = await moderation.Service.Client.PostAsync(new Uri("/internal/screenings", UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"));

        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((HttpStatusCode.BadRequest, field), (response.StatusCode, problem.GetProperty("errors").EnumerateObject().Single().Name));
    }

    [Fact]
    public async Task A_batch_of_more_than_256_is_refused()
    {
        using var response = await moderation.Service.Client.PostAsJsonAsync(
            "/internal/screenings", new ScreenRequest { Screenings = [.. Enumerable.Range(0, 257).Select(_ => ModerationFixture.Prompt("hello"))] }, ContractsJson.Default.ScreenRequest);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Strangers_are_not_answered()
    {
        using var stranger = new HttpClient(new SocketsHttpHandler()) { BaseAddress = moderation.Service.BaseAddress };
        using var response = await stranger.PostAsJsonAsync("/internal/screenings", new ScreenRequest { Screenings = [ModerationFixture.Prompt("hello")] }, ContractsJson.Default.ScreenRequest);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }
}
