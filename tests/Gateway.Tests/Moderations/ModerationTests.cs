using System.Text.Json;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Gateway.Tests.Stands;

namespace Aigc2d.Gateway.Tests.Moderations;

/// <summary>OpenAI's moderations, answered by our own engine.</summary>
public sealed class ModerationTests
{
    private static readonly string[] Categories =
    [
        "harassment", "harassment/threatening", "hate", "hate/threatening", "illicit", "illicit/violent", "self-harm", "self-harm/instructions", "self-harm/intent",
        "sexual", "sexual/minors", "violence", "violence/graphic",
    ];

    [Theory]
    [InlineData("""{"input":"one"}""", new[] { "one" })]
    [InlineData("""{"input":["one","two"],"model":"text-moderation-stable"}""", new[] { "one", "two" })]
    [InlineData("""{"input":[{"type":"text","text":"one"},{"type":"text","text":"two"}],"model":null}""", new[] { "one+two" })]
    public async Task There_is_one_result_for_each_input_and_parts_are_one(string body, string[] inputs)
    {
        await using var edge = await Edge.StartAsync();
        var seen = new List<string>();
        edge.Siblings.Moderation.Classify = texts =>
        {
            seen.Add(string.Join('+', texts));
            return Found("violence");
        };

        using var answer = await ModerateAsync(edge, body);

        Assert.Equal((200, "aigc2d-moderation"), ((int)answer.StatusCode, (await JsonOf(answer)).GetProperty("model").GetString()));
        Assert.Equal(inputs, seen);
        Assert.Equal(inputs.Length, (await JsonOf(answer)).GetProperty("results").GetArrayLength());
    }

    [Theory]
    [InlineData("child_safety", "sexual,sexual/minors")]
    [InlineData("trafficking", "illicit")]
    [InlineData("terrorism", "illicit,illicit/violent")]
    [InlineData("malware", "illicit")]
    [InlineData("intimate_nonconsensual", "sexual")]
    [InlineData("sexual", "sexual")]
    [InlineData("violence", "violence")]
    [InlineData("hate", "hate")]
    [InlineData("harassment", "harassment")]
    [InlineData("self_harm", "self-harm")]
    [InlineData("deception", "illicit")]
    [InlineData("illegal", "illicit")]
    [InlineData("jurisdiction", "")]
    public async Task Categories_of_the_content_rules_are_told_in_OpenAIs_and_in_their_own(string found, string told)
    {
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Moderation.Classify = _ => Found(found);

        using var answer = await ModerateAsync(edge, """{"input":"x"}""");

        var result = (await JsonOf(answer)).GetProperty("results")[0];
        Assert.True(result.GetProperty("flagged").GetBoolean());
        Assert.Equal(Categories, result.GetProperty("categories").EnumerateObject().Select(category => category.Name).Order(StringComparer.Ordinal));
        Assert.Equal(told, string.Join(',', result.GetProperty("categories").EnumerateObject().Where(category => category.Value.GetBoolean()).Select(category => category.Name)));
        Assert.Equal(told, string.Join(',', result.GetProperty("category_scores").EnumerateObject().Where(category => category.Value.GetDouble() == 1).Select(category => category.Name)));
        Assert.Equal(1.0, result.GetProperty("content_rules").GetProperty(found).GetDouble());
    }

    [Fact]
    public async Task What_is_innocent_is_not_flagged_and_costs_nothing()
    {
        await using var edge = await Edge.StartAsync();

        using var answer = await ModerateAsync(edge, """{"input":"Hello"}""");

        Assert.False((await JsonOf(answer)).GetProperty("results")[0].GetProperty("flagged").GetBoolean());
        Assert.NotNull(answer.Header("x-ratelimit-remaining-requests"));
        Assert.DoesNotContain(edge.Siblings.Billing.Requests, asked => asked.Target.StartsWith("/internal/holds", StringComparison.Ordinal));
        Assert.Empty(edge.Siblings.Moderation.Screenings);
    }

    [Theory]
    [InlineData("{}", "missing_required_parameter", "input", "Missing 'input': a string, an array of strings or an array of parts is required.")]
    [InlineData("""{"input":null}""", "missing_required_parameter", "input", "Missing 'input': a string, an array of strings or an array of parts is required.")]
    [InlineData("""{"input":7}""", "invalid_value", "input", "Invalid 'input': must be a string, an array of strings or an array of parts.")]
    [InlineData("""{"input":[]}""", "invalid_value", "input", "Invalid 'input': must be a string, an array of strings or an array of parts, and not empty.")]
    [InlineData("""{"input":["a",{"type":"text","text":"b"}]}""", "invalid_value", "input[1]", "Invalid 'input[1]': must be of the kind of the elements before it: all strings, or all parts.")]
    [InlineData("""{"input":[{"type":"text"}]}""", "missing_required_parameter", "input[0].text", "Invalid 'input[0].text': is required: a string.")]
    [InlineData("""{"input":[{"type":"video"}]}""", "invalid_value", "input[0].type", "Invalid 'input[0].type': must be 'text' or 'image_url'.")]
    [InlineData("""{"Input":"x"}""", "invalid_value", "Input", "Invalid 'Input': differs from 'input' only in case; send 'input'.")]
    [InlineData("""{"input":[{"type":"image_url","image_url":{"url":"https://x.example/a.png"}}]}""", "invalid_value", "input", "Invalid 'input': images cannot be looked at here, for no provider's moderation is connected. Send text.")]
    public async Task A_wrong_input_is_named(string body, string code, string param, string message)
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await ModerateAsync(edge, body);
        await answer.AssertOpenAiErrorAsync(400, "invalid_request_error", code, message, param);
    }

    [Fact]
    public async Task Too_much_at_once_is_400()
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await ModerateAsync(edge, JsonSerializer.Serialize(new { input = new string('a', 1_000_001) }));
        await answer.AssertOpenAiErrorAsync(400, "invalid_request_error", "invalid_value", "Invalid 'input': must not have more than 1000000 characters in all.", "input");
    }

    [Fact]
    public async Task A_model_that_moderates_nothing_is_404()
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await ModerateAsync(edge, """{"input":"x","model":"gpt-4o-mini"}""");
        await answer.AssertOpenAiErrorAsync(404, "invalid_request_error", "model_not_found", "The model 'gpt-4o-mini' does not exist or is not offered. GET /v1/models lists what your key may call.", "model");
    }

    [Fact]
    public async Task Without_Moderation_it_is_503()
    {
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Moderation.IsDown = true;
        using var answer = await ModerateAsync(edge, """{"input":"x"}""");
        await answer.AssertOpenAiErrorAsync(503, "server_error", "service_unavailable", "The service is briefly unavailable; nothing was charged. Try again.");
    }

    private static Classification Found(string category) => new() { Scores = new Dictionary<string, double> { [category] = 1 }, Rules = [] };

    private static async Task<JsonElement> JsonOf(HttpResponseMessage answer) => JsonDocument.Parse(await answer.TextAsync()).RootElement;

    private static Task<HttpResponseMessage> ModerateAsync(Edge edge, string body) => edge.SendAsync(HttpMethod.Post, "/v1/moderations", edge.Customer().Key, Edge.Json(body));
}
