using System.Text;
using System.Text.Json;
using Aigc2d.Gateway.Dialects;
using Aigc2d.Gateway.Dialects.OpenAi;
using Aigc2d.ServiceDefaults.Tokens;

namespace Aigc2d.Gateway.Tests.Dialects;

/// <summary>What a chat's prompt is held for: what is counted after the call, by the counter of the model's family.</summary>
public sealed class PromptTokenTests
{
    private const string Weather = """
        {"type":"function","function":{"name":"get_current_weather","description":"Get the current weather in a given location","parameters":{"type":"object","properties":{
        "location":{"type":"string","description":"The city and state, e.g. San Francisco, CA"},
        "unit":{"type":"string","description":"The unit of temperature to return","enum":["celsius","fahrenheit"]}},"required":["location"]}}}
        """;

    [Theory]
    [InlineData("""{"role":"user","content":"Hello, world!"}""", 11)]
    [InlineData("""{"role":"user","content":[{"type":"text","text":"Hello, world!"}]}""", 11)]
    [InlineData("""{"role":"user","content":""}""", 7)]
    [InlineData("""{"role":"user","content":"人工智能正在改变世界"},{"role":"assistant","content":"ok"}""", 17)]
    [InlineData("""{"role":"user","name":"Ada","content":"abcd"}""", 10)]
    [InlineData("""{"role":"tool","tool_call_id":"call_1","content":"ok"}""", 10)]
    [InlineData("""{"role":"assistant","refusal":"no","content":null}""", 8)]
    [InlineData("""{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"","format":"wav"}},{"type":"file","file":{"file_id":"f"}}]}""", 7 + 256 + 4_096)]
    [InlineData("""{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://x/y.png","detail":"low"}}]}""", 7 + 85)]
    [InlineData("""{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://x/y.png","detail":"high"}}]}""", 7 + 1_105)]
    public void A_message_is_held_for_what_it_counts(string message, int tokens)
    {
        Assert.Equal(tokens, TokensOf("gpt-4o", message));
        Assert.Equal(tokens, ChatPromptTokens.Count(Body("gpt-4o", message), "openai", "gpt-4o"));
    }

    [Theory]
    [InlineData("gpt-4o", 11)]
    [InlineData("gpt-3.5-turbo", 11)]
    [InlineData("claude-3-5-haiku-latest", 12)]
    [InlineData("claude-sonnet-5", 13)]
    [InlineData("ernie-4.0-8k", 4)]
    [InlineData("somebody-elses", 12)]
    public void Each_family_counts_in_its_own_way_wherever_its_name_stands(string model, int tokens)
    {
        const string messages = "\"messages\":[{\"role\":\"user\",\"content\":\"Hello, world!\"}]";
        Assert.Equal(tokens, Read(Encoding.UTF8.GetBytes($$"""{"model":"{{model}}",{{messages}}}""")).InputTokens);
        Assert.Equal(tokens, Read(Encoding.UTF8.GetBytes($$"""{{{messages}},"model":"{{model}}"}""")).InputTokens);
    }

    [Fact]
    public void Ernie_is_held_for_every_text_although_its_estimator_takes_one_without_spaces_for_a_word() =>
        Assert.InRange(TokensOf("ernie-4.0-8k", Message(SampleTexts.Of("hex", 10_000))), 5_000, 7_000);

    [Theory]
    [InlineData("gpt-4o", 255)]
    [InlineData("gpt-4o-mini", 8_500)]
    [InlineData("claude-haiku-4-5", 350)]
    [InlineData("somebody-elses", 2_000)]
    public void An_image_in_the_body_counts_by_its_size_however_its_base64_is_escaped(string model, int tokens)
    {
        byte[] png = [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, 0, 0, 0, 13, .. "IHDR"u8, 0, 0, 2, 0, 0, 0, 2, 0, 8, 6, .. new byte[4_000]];
        var url = "data:image/png;base64," + Convert.ToBase64String(png);
        foreach (var spelt in new[] { url, url.Replace("/", "\\/", StringComparison.Ordinal), url.Replace("A", "\\u0041", StringComparison.Ordinal) })
        {
            Assert.Equal(7 + tokens, TokensOf(model, $$$"""{"role":"user","content":[{"type":"image_url","image_url":{"url":"{{{spelt}}}"}}]}"""));
        }
    }

    [Theory]
    [InlineData("gpt-4o", 101)]
    [InlineData("gpt-3.5-turbo", 105)]
    public void Tools_count_by_the_published_recipe(string model, int tokens) => Assert.Equal(tokens, Read(WithTools(model, Weather)).InputTokens);

    [Fact]
    public void Tools_of_a_family_without_a_recipe_count_as_json_and_with_the_prompt_that_is_added_for_them()
    {
        var json = TokenCounter.ForHold("claude-haiku-4-5").Count(JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>($"[{Weather}]")));
        Assert.InRange(Read(WithTools("claude-haiku-4-5", Weather)).InputTokens, 37 + (json * 0.85) + 346, 37 + (json * 1.15) + 346);
    }

    [Fact]
    public void Text_that_a_tool_keeps_where_the_recipe_does_not_look_is_held_for()
    {
        var hidden = SampleTexts.Of("english", 20_000);
        var tool = """{"type":"function","function":{"name":"f","parameters":{"type":"object","$defs":{"a":{"description":HIDDEN}}}}}""".Replace("HIDDEN", JsonSerializer.Serialize(hidden), StringComparison.Ordinal);
        Assert.InRange(Read(WithTools("gpt-4o", tool)).InputTokens, BytePairEncoding.O200k.Count(hidden), BytePairEncoding.O200k.Count(hidden) * 1.1);
    }

    [Fact]
    public void Many_tools_are_no_longer_counted_by_recipe_but_still_by_all_their_text()
    {
        var tools = string.Join(',', Enumerable.Range(0, 2_000).Select(i => Weather.Replace("get_current_weather", $"get_weather_{i}", StringComparison.Ordinal)));
        var recipe = ChatPromptTokens.Count(WithTools("gpt-4o", tools), "openai", "gpt-4o")!.Value;
        Assert.InRange(Read(WithTools("gpt-4o", tools)).InputTokens, recipe * 0.95, recipe * 1.6);
    }

    [Fact]
    public void Calls_and_an_answer_schema_are_held_for_what_they_count()
    {
        const string call = """{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]}""";
        Assert.InRange(TokensOf("gpt-4o", call), 7 + 3 + 1 + 5, 7 + 3 + 1 + 5 + 1);

        const string format = "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"place\",\"schema\":{\"type\":\"object\",\"properties\":{\"location\":{\"type\":\"string\"}}}}}";
        var body = Encoding.UTF8.GetBytes($$"""{"model":"gpt-4o","messages":[{"role":"user","content":"Hello, world!"}],{{format}}}""");
        var counted = ChatPromptTokens.Count(body, "openai", "gpt-4o")!.Value;
        Assert.InRange(Read(body).InputTokens, counted - 1, counted + 8);
    }

    [Fact]
    public void Numbers_of_any_length_are_held_for() =>
        Assert.InRange(Read(WithTools("gpt-4o", $$"""{"type":"function","x":{{new string('7', 30_000)}}}""")).InputTokens, 10_000, 20_000);

    [Fact]
    public void Texts_that_came_as_token_ids_are_screened_and_count_what_came()
    {
        var prompt = new PromptTexts();
        prompt.AddCounted("Hello, world!", 4);
        prompt.Add("Hello, world!");
        Assert.Equal(["Hello, world!", "Hello, world!"], prompt.Texts);
        Assert.Equal(8, prompt.TokensFor("text-embedding-3-small"));
    }

    private static string Message(string text) => $$"""{"role":"user","content":{{JsonSerializer.Serialize(text)}}}""";

    private static byte[] Body(string model, string messages) => Encoding.UTF8.GetBytes($$"""{"model":"{{model}}","messages":[{{messages}}]}""");

    private static byte[] WithTools(string model, string tools) => Encoding.UTF8.GetBytes($$"""
        {"model":"{{model}}","messages":[{"role":"system","content":"You are a helpful assistant that can answer to questions about the weather."},
          {"role":"user","content":"What's the weather like in San Francisco?"}],"tools":[{{tools}}]}
        """);

    private static int TokensOf(string model, string messages) => Read(Body(model, messages)).InputTokens;

    private static CallRequest Read(byte[] body)
    {
        Assert.True(new ChatBody().TryRead(body, out var request, out var refusal), refusal?.Message);
        return request;
    }
}
