using Aigc2d.Sandbox.Tests.Kit;

namespace Aigc2d.Sandbox.Tests.Formats;

public sealed class ModerationWireTests(SandboxFixture fixture)
{
    [Fact]
    public async Task An_image_and_texts_are_one_input_together()
    {
        var answer = await AskAsync("[{\"type\":\"text\",\"text\":\"one\"},{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://example.com/flag:sexual\"}},{\"type\":\"text\",\"text\":\"two\"}]");

        var result = Assert.Single(answer.Json.GetProperty("results").EnumerateArray());
        Assert.Equal((200, true, """["text","image"]"""), (answer.Status, result.GetProperty("categories").GetProperty("sexual").GetBoolean(), result.GetProperty("category_applied_input_types").GetProperty("sexual").GetRawText()));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task More_than_one_image_is_refused(int images)
    {
        var part = """{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}""";

        var answer = await AskAsync($"[{string.Join(',', Enumerable.Repeat(part, images))}]");

        Assert.Equal(
            (400, $$"""{"message":"Number of images ({{images}}) exceeds maximum of 1","type":"invalid_request_error","param":"input","code":"too_many_images"}"""),
            (answer.Status, answer.Json.GetProperty("error").GetRawText()));
    }

    [Theory]
    [InlineData("7")]
    [InlineData("[]")]
    [InlineData("""[{"type":"input_audio"}]""")]
    public async Task What_is_no_text_and_no_image_is_refused(string input)
    {
        var answer = await AskAsync(input);

        Assert.Equal((400, "input"), (answer.Status, answer.Json.GetProperty("error").GetProperty("param").GetString()));
    }

    private Task<WireAnswer> AskAsync(string input) => OneAnswerRoute.Of("moderations").AskAsync(fixture, "omni-moderation-latest", $"\"input\":{input}");
}
