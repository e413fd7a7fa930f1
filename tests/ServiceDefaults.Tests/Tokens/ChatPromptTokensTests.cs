using System.Text;
using System.Text.Json;
using Aigc2d.ServiceDefaults.Tokens;

namespace Aigc2d.ServiceDefaults.Tests.Tokens;

public sealed class ChatPromptTokensTests
{
    private const string Gpt4o = "gpt-4o-mini";
    private const string Gpt35 = "gpt-3.5-turbo";

    private const string WeatherTools = """
        [{"type":"function","function":{"name":"get_current_weather","description":"Get the current weather in a given location","parameters":{"type":"object","properties":{
        "location":{"type":"string","description":"The city and state, e.g. San Francisco, CA"},
        "unit":{"type":"string","description":"The unit of temperature to return","enum":["celsius","fahrenheit"]}},"required":["location"]}}}]
        """;

    private const string WeatherMessages = """
        [{"role":"system","content":"You are a helpful assistant that can answer to questions about the weather."},{"role":"user","content":"What's the weather like in San Francisco?"}]
        """;

    [Theory]
    [InlineData(Gpt35, 129)]
    [InlineData(Gpt4o, 124)]
    public void The_widely_published_sample_of_six_messages_counts_what_is_published(string model, int expected) => AssertCount(expected, model, """
        {"messages":[
        {"role":"system","content":"You are a helpful, pattern-following assistant that translates corporate jargon into plain English."},
        {"role":"system","name":"example_user","content":"New synergies will help drive top-line growth."},
        {"role":"system","name":"example_assistant","content":"Things working well together will increase revenue."},
        {"role":"system","name":"example_user","content":"Let's circle back when we have more bandwidth to touch base on opportunities for increased leverage."},
        {"role":"system","name":"example_assistant","content":"Let's talk later when we're less busy about how to do better."},
        {"role":"user","content":"This late pivot means we don't have time to boil the ocean for the client deliverable."}]}
        """);

    [Theory]
    [InlineData(Gpt4o, 33, 101)]
    [InlineData(Gpt35, 34, 105)]
    public void Tools_count_by_the_published_recipe(string model, int withoutTools, int withTools)
    {
        AssertCount(withoutTools, model, $$"""{"messages":{{WeatherMessages}}}""");
        AssertCount(withTools, model, $$"""{"messages":{{WeatherMessages}},"tools":{{WeatherTools}}}""");
    }

    [Fact]
    public void Every_part_of_a_message_counts()
    {
        AssertCount(11, Gpt4o, Messages("""{"role":"user","content":"Hello, world!"}"""));
        AssertCount(11, Gpt4o, Messages("""{"role":"user","content":[{"type":"text","text":"Hello, world!"}]}"""));
        AssertCount(7 + 255, Gpt4o.Replace("-mini", "", StringComparison.Ordinal), Messages($$$"""{"role":"user","content":[{"type":"image_url","image_url":{"url":"{{{Png(512, 512)}}}"}}]}"""));
        AssertCount(7 + 85, "gpt-4o", Messages($$$"""{"role":"user","content":[{"type":"image_url","image_url":{"url":"{{{Png(512, 512)}}}","detail":"low"}}]}"""));
        AssertCount(7 + 1105, "gpt-4o", Messages("""{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]}"""));
        AssertCount(7 + 256 + 4096, Gpt4o, Messages("""{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"","format":"wav"}},{"type":"file","file":{"file_id":"f"}}]}"""));
        AssertCount(7 + 3 + 1 + 5, Gpt4o, Messages("""{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]}"""));
        AssertCount(7 + 2 + 1, Gpt4o, Messages("""{"role":"tool","tool_call_id":"c","content":"ok"}"""));
        AssertCount(11 + 10 + 7, Gpt4o, """{"messages":[{"role":"user","content":"Hello, world!"}],"response_format":{"type":"json_schema","json_schema": {"location": {"type":"string"}}}}""");
    }

    [Fact]
    public void Text_that_the_framework_refuses_is_counted_too()
    {
        AssertCount(7 + BytePairEncoding.O200k.Count("a\uFFFD"), Gpt4o, Messages("""{"role":"user","content":"a\ud83d"}"""));
        AssertCount(7 + BytePairEncoding.O200k.Count("\n\t\"\\/é😀"), Gpt4o, Messages("""{"role":"user","content":"\n\t\"\\\/\u00e9\ud83d\ude00"}"""));
        AssertCount(7 + BytePairEncoding.O200k.Count("<|endoftext|>"), Gpt4o, Messages("""{"role":"user","content":"<|endoftext|>"}"""));
    }

    [Fact]
    public void Families_without_a_public_encoding_are_counted_by_their_ratio()
    {
        const string body = """{"messages":[{"role":"user","content":"The quick brown fox jumps over the lazy dog."}]}""";
        AssertCount(7 + 11, "claude-haiku-4-5", body);
        AssertCount(7 + 13, "claude-sonnet-5-5", body);
        AssertCount(7 + 12, "some-model", body);
        AssertCount(9, "ernie-4.0-8k", body);
        AssertCount(7, "ernie-4.0-8k", Messages("""{"role":"user","content":"人工智能正在改变世界"}"""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"messages":{}}""")]
    [InlineData("""{"messages":[""")]
    [InlineData("""{"messages":[],"tools":[{"function":{"parameters":{"\ud83d":0}}}]}""")]
    public void What_is_not_a_chat_request_has_no_count(string body) => Assert.Null(ChatPromptTokens.Count(Encoding.UTF8.GetBytes(body), "openai", Gpt4o));

    [Fact]
    public void Members_of_unexpected_types_count_nothing() => AssertCount(3 + 4 + 4, Gpt4o, """
        {"messages":["x",{"role":1,"content":5,"name":null,"tool_calls":[1,{"function":2}],"function_call":"f"},{"content":[1,{"text":2,"image_url":"u"}]}],"tools":{},"functions":[1],"response_format":"text"}
        """, plus: 12);

    private static string Messages(string message) => $$"""{"messages":[{{message}}]}""";

    private static string Png(int width, int height)
    {
        byte[] header = [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, 0, 0, 0, 13, .. "IHDR"u8, 0, 0, (byte)(width >> 8), (byte)width, 0, 0, (byte)(height >> 8), (byte)height, 8, 6];
        return JsonSerializer.Serialize("data:image/png;base64," + Convert.ToBase64String(header))[1..^1];
    }

    private static void AssertCount(int expected, string model, string body, int plus = 0) =>
        Assert.Equal(expected + plus, ChatPromptTokens.Count(Encoding.UTF8.GetBytes(body), null, model));
}
