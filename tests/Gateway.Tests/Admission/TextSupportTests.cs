using System.Text.Json;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Gateway.Tests.Stands;

namespace Aigc2d.Gateway.Tests.Admission;

/// <summary>Help for somebody in distress, in the shapes of the two old text routes.</summary>
public sealed class TextSupportTests
{
    private const string Completions = "/v1/completions";
    private const string Complete = "/v1/complete";
    private const string Prompt = """{"model":"gpt-4o-mini","prompt":"hi"}""";
    private const string Turns = """{"model":"gpt-4o-mini","max_tokens_to_sample":9,"prompt":"\n\nHuman: hi\n\nAssistant:"}""";

    [Fact]
    public async Task Help_comes_as_an_old_completion()
    {
        var (type, text, id) = await AskAsync(Completions, Prompt);
        var help = JsonDocument.Parse(text).RootElement.GetProperty("choices")[0].GetProperty("text");
        Assert.Contains("findahelpline.com", help.GetString(), StringComparison.Ordinal);
        Assert.Equal("application/json", type);
        Assert.Matches(
            $$"""^\{"id":"cmpl-{{id:N}}","object":"text_completion","created":[0-9]+,"model":"gpt-4o-mini","choices":\[\{"text":HELP,"index":0,"logprobs":null,"finish_reason":"stop"\}\],"usage":\{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0\}\}$""",
            text.Replace(help.GetRawText(), "HELP", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Help_streams_as_an_old_completion_streams(bool includeUsage)
    {
        var options = includeUsage ? ",\"stream_options\":{\"include_usage\":true}" : "";
        var (type, text, _) = await AskAsync(Completions, $"{Prompt[..^1]},\"stream\":true{options}}}");
        var frames = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        var chunks = frames[..^1].Select(frame => JsonDocument.Parse(frame["data: ".Length..]).RootElement).ToArray();
        Assert.Equal(("text/event-stream", "data: [DONE]", includeUsage ? 3 : 2), (type, frames[^1], chunks.Length));
        Assert.Equal([null, "stop"], chunks[..2].Select(chunk => chunk.GetProperty("choices")[0].GetProperty("finish_reason").GetString()));
        Assert.All(chunks[..2], chunk => Assert.Equal(includeUsage, chunk.TryGetProperty("usage", out _)));
    }

    [Fact]
    public async Task Help_comes_as_an_old_text_completion_of_anthropics()
    {
        var (type, text, id) = await AskAsync(Complete, Turns);
        var help = JsonDocument.Parse(text).RootElement.GetProperty("completion");
        Assert.StartsWith(" It sounds", help.GetString(), StringComparison.Ordinal);
        Assert.Equal("application/json", type);
        Assert.Equal(
            $$"""{"type":"completion","id":"compl_{{id:N}}","completion":HELP,"stop_reason":"stop_sequence","stop":"\n\nHuman:","model":"gpt-4o-mini","log_id":"compl_{{id:N}}"}""",
            text.Replace(help.GetRawText(), "HELP", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("2023-06-01", false)]
    [InlineData("2023-01-01", true)]
    public async Task Help_streams_as_an_old_text_completion_of_anthropics_streams(string version, bool isCumulative)
    {
        var (type, text, _) = await AskAsync(Complete, $"{Turns[..^1]},\"stream\":true}}", version);
        var events = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.All(events, frame => Assert.StartsWith("event: completion\ndata: {", frame, StringComparison.Ordinal));
        var said = events.Select(frame => JsonDocument.Parse(frame["event: completion\ndata: ".Length..]).RootElement).ToArray();
        Assert.Equal(("text/event-stream", 2), (type, said.Length));
        Assert.Equal((null, "stop_sequence"), (said[0].GetProperty("stop_reason").GetString(), said[1].GetProperty("stop_reason").GetString()));
        Assert.Equal(isCumulative ? said[0].GetProperty("completion").GetString() : "", said[1].GetProperty("completion").GetString());
    }

    private static async Task<(string? Type, string Text, Guid RequestId)> AskAsync(string path, string body, string version = "2023-06-01")
    {
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Moderation.Judge = _ => new() { Action = VerdictAction.Support, Category = "self_harm" };
        using var answer = await edge.SendAsync(HttpMethod.Post, path, edge.Customer().Key, Edge.Json(body), headers => headers.Add("anthropic-version", version));
        Assert.Equal(200, (int)answer.StatusCode);
        return (answer.Content.Headers.ContentType?.MediaType, await answer.TextAsync(), Guid.Parse(answer.Header("x-request-id")!));
    }
}
