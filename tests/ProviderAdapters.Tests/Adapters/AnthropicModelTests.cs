using System.Text.Json.Nodes;
using Aigc2d.ProviderAdapters.Adapters.Anthropic;

namespace Aigc2d.ProviderAdapters.Tests.Anthropic;

/// <summary>What is asked for differs by model: limits, sampling, thinking.</summary>
public sealed class AnthropicModelTests
{
    private const string Hi = """ "messages":[{"role":"user","content":"hi"}] """;
    private const string Tool = """ "tools":[{"type":"function","function":{"name":"f"}}] """;
    private const string Budget = "claude-sonnet-4-5";
    private const string Effort = "claude-opus-4-6";
    private const string Strict = "claude-opus-4-7";
    private const string ByDefault = "claude-opus-5-5";
    private const string Old = "claude-3-5-haiku-20241022";

    [Theory]
    [InlineData("", Old, 8_192)]
    [InlineData("", Strict, 128_000)]
    [InlineData("", "us.anthropic.claude-haiku-4-5-v1", 64_000)]
    [InlineData("", "claude-newer-than-this-table", 32_000)]
    [InlineData("", "deepseek-chat", 4_096)]
    [InlineData(",\"max_tokens\":7", Budget, 7)]
    [InlineData(",\"max_tokens\":null,\"max_completion_tokens\":8", Budget, 8)]
    public void The_limit_is_the_clients_or_the_models(string members, string model, int expected) => Assert.Equal(expected, (int?)Ask(model, Hi + members)["max_tokens"]);

    [Theory]
    [InlineData(Old, "\"temperature\":1.7,\"top_p\":0.9,\"top_k\":5", "1 0.9 5")]
    [InlineData(Old, "\"temperature\":0.2", "0.2 - -")]
    [InlineData(Budget, "\"temperature\":0.2,\"top_p\":0.9,\"top_k\":5", "0.2 - 5")]
    [InlineData(Budget, "\"top_p\":0.9", "- 0.9 -")]
    [InlineData(Strict, "\"temperature\":0.2,\"top_p\":0.9,\"top_k\":5", "- - -")]
    [InlineData(Budget, "\"temperature\":0.2,\"top_p\":0.9,\"top_k\":5,\"reasoning_effort\":\"low\"", "- - -")]
    [InlineData(Budget, "\"top_p\":0.95,\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000}", "- 0.95 -")]
    [InlineData(Budget, "\"temperature\":0.2,\"thinking\":{\"type\":\"disabled\"}", "0.2 - -")]
    public void Sampling_is_asked_for_as_far_as_the_model_takes_it(string model, string members, string expected)
    {
        var asked = Ask(model, $"{Hi},{members}");
        Assert.Equal(expected, string.Join(' ', new[] { "temperature", "top_p", "top_k" }.Select(name => asked[name]?.ToJsonString() ?? "-")));
    }

    [Theory]
    [InlineData(Old, "\"reasoning_effort\":\"high\"", null, null)]
    [InlineData(Old, "\"reasoning_effort\":\"none\"", null, null)]
    [InlineData(Budget, "\"reasoning_effort\":\"low\"", """{"type":"enabled","budget_tokens":1280}""", null)]
    [InlineData(Budget, "\"reasoning_effort\":\"medium\"", """{"type":"enabled","budget_tokens":2048}""", null)]
    [InlineData(Budget, "\"reasoning_effort\":\"high\"", """{"type":"enabled","budget_tokens":4096}""", null)]
    [InlineData(Budget, "\"reasoning_effort\":\"max\"", """{"type":"enabled","budget_tokens":16384}""", null)]
    [InlineData(Budget, "\"reasoning_effort\":\"high\",\"max_tokens\":3000", """{"type":"enabled","budget_tokens":1500}""", null)]
    [InlineData(Budget, "\"reasoning_effort\":\"high\",\"max_tokens\":1025", """{"type":"enabled","budget_tokens":1024}""", null)]
    [InlineData(Budget, "\"reasoning_effort\":\"high\",\"max_tokens\":1024", null, null)]
    [InlineData(Budget, "\"reasoning_effort\":\"minimal\"", """{"type":"disabled"}""", null)]
    [InlineData(Budget, "\"user\":\"u\"", null, null)]
    [InlineData(Effort, "\"reasoning_effort\":\"medium\"", """{"type":"adaptive"}""", "medium")]
    [InlineData(Effort, "\"reasoning_effort\":\"none\"", """{"type":"disabled"}""", null)]
    [InlineData(Effort, "\"user\":\"u\"", null, null)]
    [InlineData(Effort, "\"reasoning_effort\":\"low\",\"thinking\":{\"type\":\"disabled\"}", """{"type":"disabled"}""", "low")]
    [InlineData(ByDefault, "\"reasoning_effort\":\"none\"", """{"type":"disabled"}""", null)]
    public void Effort_becomes_a_budget_or_an_effort(string model, string members, string? thinking, string? effort) => AssertThinking(model, $"{Hi},{members}", thinking, effort);

    [Theory]
    [InlineData(Budget, "\"reasoning_effort\":\"high\"", """{"type":"disabled"}""", null)]
    [InlineData(Budget, "\"user\":\"u\"", null, null)]
    [InlineData(Budget, "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000}", """{"type":"disabled"}""", null)]
    [InlineData(Effort, "\"reasoning_effort\":\"high\"", """{"type":"disabled"}""", "high")]
    [InlineData(ByDefault, "\"user\":\"u\"", """{"type":"disabled"}""", null)]
    public void A_model_that_must_call_a_tool_does_not_think(string model, string members, string? thinking, string? effort)
    {
        AssertThinking(model, $"{Hi},{Tool},\"tool_choice\":\"required\",{members}", thinking, effort);
        AssertThinking(model, $$"""{{Hi}},{{Tool}},"tool_choice":{"type":"function","function":{"name":"f"} },{{members}}""", thinking, effort);
    }

    [Fact]
    public void With_a_budget_nothing_is_thought_between_a_call_of_a_tool_and_the_answer()
    {
        const string Loop = """
            "messages":[{"role":"user","content":"x"},{"role":"assistant","tool_calls":[{"id":"c","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c","content":"1"}]
            """;
        AssertThinking(Budget, $"{Loop},{Tool},\"reasoning_effort\":\"high\"", null, null);
        AssertThinking(Effort, $"{Loop},{Tool},\"reasoning_effort\":\"high\"", """{"type":"adaptive"}""", "high");
    }

    [Fact]
    public void Effort_and_schema_share_their_member() => Assert.Equal(
        """{"effort":"low","format":{"type":"json_schema","schema":{"type":"object"}}}""",
        Ask(Effort, $$"""{{Hi}},"reasoning_effort":"low","response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"} } }""")["output_config"]!.ToJsonString());

    [Fact]
    public void Operators_know_better_than_the_table_member_by_member()
    {
        AnthropicModel[] configured = [new() { Name = "claude-opus-4-7", MaxOutputTokens = 99 }, new() { Name = "claude-opus-4-7-fast", Sampling = SamplingRule.All, ThinksByDefault = true }, new() { Name = "claude", MaxOutputTokens = 5 }];
        var models = new KnownModels(configured);

        Assert.Equal(new ModelFacts(99, SamplingRule.None, ThinkingRule.Effort, false), models.Find("claude-opus-4-7"));
        Assert.Equal(new ModelFacts(99, SamplingRule.All, ThinkingRule.Effort, true), models.Find("claude-opus-4-7-fast-1"));
        Assert.Equal(new ModelFacts(5, SamplingRule.One, ThinkingRule.Budget, false, TakesPrefill: true), models.Find("claude-haiku-4-5"));
    }

    [Fact]
    public void Facts_that_make_no_sense_are_refused_at_the_start()
    {
        var options = new AnthropicOptions { Version = "", Betas = "a b" };
        options.Models.Add(new AnthropicModel { MaxOutputTokens = 0 });

        var faults = new ValidateAnthropicOptions().Validate(null, options).Failures!;

        Assert.Equal(["Anthropic:Version", "Anthropic:Betas", "Anthropic:Models:0:Name", "Anthropic:Models:0:MaxOutputTokens"], faults.Select(fault => fault.Split(' ')[0]));
        Assert.True(new ValidateAnthropicOptions().Validate(null, new AnthropicOptions { Betas = "a-1,b-2" }).Succeeded);
    }

    [Theory]
    [InlineData("https://api.anthropic.com")]
    [InlineData("https://api.anthropic.com/")]
    [InlineData("https://api.anthropic.com/v1")]
    [InlineData("https://api.anthropic.com/v1/")]
    public void The_address_may_come_with_its_version_or_without(string baseUrl) => Assert.Equal("https://api.anthropic.com/v1/messages", AnthropicAdapter.AddressOf(new Uri(baseUrl)).AbsoluteUri);

    private static void AssertThinking(string model, string members, string? thinking, string? effort)
    {
        var asked = Ask(model, members);
        Assert.Equal((thinking, effort), (asked["thinking"]?.ToJsonString(), (string?)asked["output_config"]?["effort"]));
    }

    private static JsonObject Ask(string model, string members) => AnthropicModels.Translate(model, members);
}
