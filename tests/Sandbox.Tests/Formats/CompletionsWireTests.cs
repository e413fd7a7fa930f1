using System.Text.Json;
using System.Text.RegularExpressions;
using Aigc2d.Sandbox.Tests.Kit;

namespace Aigc2d.Sandbox.Tests.Formats;

public sealed partial class CompletionsWireTests(SandboxFixture fixture)
{
    private const string Head = """{"id":"cmpl-","object":"text_completion","created":0,"model":"wire-cmpl",""";
    private const string Details = ""","prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}}}""";

    [Fact]
    public async Task A_prompt_is_answered_with_one_text()
    {
        var answer = await AskAsync("wire-cmpl", """ "prompt":"Hello, world!" """);

        Assert.Equal(
            $$"""{{Head}}"choices":[{"text":"Hello! The sandbox is here to help.","index":0,"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":4,"completion_tokens":9,"total_tokens":13{{Details}}""",
            Steady(answer.Text));
    }

    [Fact]
    public async Task A_stream_has_frames_of_the_same_name()
    {
        var answer = await AskAsync("wire-cmpl@chunks=2,text=Hello", """ "prompt":"Hi","echo":true,"stream":true,"stream_options":{"include_usage":true} """);

        Assert.Equal(
            [
                $$"""{{Head}}"choices":[{"text":"Hi","index":0,"logprobs":null,"finish_reason":null}],"usage":null}""",
                $$"""{{Head}}"choices":[{"text":"He","index":0,"logprobs":null,"finish_reason":null}],"usage":null}""",
                $$"""{{Head}}"choices":[{"text":"llo","index":0,"logprobs":null,"finish_reason":null}],"usage":null}""",
                $$"""{{Head}}"choices":[{"text":"","index":0,"logprobs":null,"finish_reason":"stop"}],"usage":null}""",
                $$"""{{Head}}"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3{{Details}}""",
                "[DONE]",
            ],
            answer.Frames.Select(Steady));
    }

    [Theory]
    [InlineData(""" "prompt":"one" """, "0:one", 1, 1)]
    [InlineData(""" "prompt":["one","three"] """, "0:one 1:three", 3, 2)]
    [InlineData(""" "prompt":["one","two"],"n":2 """, "0:one 1:one 2:two 3:two", 2, 4)]
    [InlineData(""" "prompt":["one","two"],"n":2,"best_of":3 """, "0:one 1:one 2:two 3:two", 2, 6)]
    [InlineData(""" "prompt":[7,8,9] """, "0:7-8-9", 3, 1)]
    [InlineData(""" "prompt":[[7,8,9],[10]],"suffix":"!" """, "0:7-8-9 1:10", 6, 2)]
    [InlineData(""" "prompt":null """, "0:", 1, 1)]
    public async Task Each_prompt_has_its_choices_in_order_and_what_was_made_is_counted(string prompts, string texts, int input, int output)
    {
        foreach (var stream in new[] { false, true })
        {
            if (stream && prompts.Contains("best_of", StringComparison.Ordinal)) continue;
            var answer = await AskAsync("wire-prompts@text=.", $$""" {{prompts}},"echo":true{{(stream ? ""","stream":true,"stream_options":{"include_usage":true}""" : "")}} """);

            var frames = stream ? answer.Frames[..^1].Select(frame => JsonSerializer.Deserialize<JsonElement>(frame)).ToArray() : [answer.Json];
            var found = frames.SelectMany(frame => frame.GetProperty("choices").EnumerateArray()).GroupBy(choice => choice.GetProperty("index").GetInt32())
                .Select(choice => $"{choice.Key}:{string.Concat(choice.Select(one => one.GetProperty("text").GetString())).Replace(' ', '-')}");
            var usage = frames[^1].GetProperty("usage");
            Assert.Equal(texts, string.Join(' ', found).Replace(".", "", StringComparison.Ordinal));
            Assert.Equal((input, output), (usage.GetProperty("prompt_tokens").GetInt32(), usage.GetProperty("completion_tokens").GetInt32()));
        }
    }

    [Theory]
    [InlineData("words=50", "", 16, "length")]
    [InlineData("words=50", ""","max_tokens":3""", 3, "length")]
    [InlineData("words=50", ""","max_tokens":0""", 0, "length")]
    [InlineData("text=one%20two%20three", ""","stop":" two" """, 1, "stop")]
    [InlineData("text=one%20two%20three", ""","stop":["x"," three"]""", 2, "stop")]
    [InlineData("filter", "", 9, "content_filter")]
    [InlineData("finish=eos", "", 9, "eos")]
    public async Task A_text_ends_at_a_limit_a_stop_text_or_the_filter(string script, string more, int tokens, string finish)
    {
        var answer = (await AskAsync($"wire-ends@{script}", $""" "prompt":"x"{more} """)).Json;

        Assert.Equal(
            (tokens, finish),
            (answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32(), answer.GetProperty("choices")[0].GetProperty("finish_reason").GetString()));
    }

    [Theory]
    [InlineData("\"prompt\":[]", "prompt")]
    [InlineData("\"prompt\":7", "prompt")]
    [InlineData("\"prompt\":[\"a\",7]", "prompt")]
    [InlineData("\"prompt\":[7,\"a\"]", "prompt")]
    [InlineData("\"prompt\":[[7],[]]", "prompt")]
    [InlineData("\"prompt\":[-1]", "prompt")]
    [InlineData("\"prompt\":[1.5]", "prompt")]
    [InlineData("\"n\":0", "n")]
    [InlineData("\"n\":129", "n")]
    [InlineData("\"n\":3,\"best_of\":2", "best_of")]
    [InlineData("\"best_of\":21", "best_of")]
    [InlineData("\"best_of\":2,\"stream\":true", "best_of")]
    [InlineData("\"max_tokens\":-1", "max_tokens")]
    [InlineData("\"logprobs\":6", "logprobs")]
    [InlineData("\"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\"]", "stop")]
    public async Task What_breaks_a_rule_is_refused_with_its_name(string body, string param)
    {
        var answer = await AskAsync("wire-refused", body);
        Assert.Equal((400, param), (answer.Status, answer.Json.GetProperty("error").GetProperty("param").GetString()));
    }

    [Fact]
    public async Task Azure_tells_its_filter_of_every_prompt_and_choice()
    {
        const string Body = """{"prompt":["a","b"],"stream":STREAM}""";
        var plain = await WireFormat.Of("azure-completions").AskAsync(fixture, "wire-az@filter", body: Body.Replace("STREAM", "false", StringComparison.Ordinal));
        var stream = await WireFormat.Of("azure-completions").AskAsync(fixture, "wire-az@text=x", body: Body.Replace("STREAM", "true", StringComparison.Ordinal));

        Assert.Equal([0, 1], plain.Json.GetProperty("prompt_filter_results").EnumerateArray().Select(prompt => prompt.GetProperty("prompt_index").GetInt32()));
        Assert.All(plain.Json.GetProperty("choices").EnumerateArray(), choice => Assert.True(choice.GetProperty("content_filter_results").GetProperty("violence").GetProperty("filtered").GetBoolean()));
        Assert.StartsWith("""{"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"prompt_index":0,""", stream.Frames[0], StringComparison.Ordinal);
        Assert.Equal(6, stream.Frames.Length);
    }

    private Task<WireAnswer> AskAsync(string model, string members) =>
        fixture.SendAsync(HttpMethod.Post, "/v1/completions", $$"""{"model":"{{model}}",{{members}}}""", ("Authorization", "Bearer sk-1"));

    private static string Steady(string frame) => Created().Replace(Id().Replace(frame, "cmpl-"), "\"created\":0");

    [GeneratedRegex("cmpl-[0-9a-f]{32}")]
    private static partial Regex Id();

    [GeneratedRegex("\"created\":[0-9]+")]
    private static partial Regex Created();
}
