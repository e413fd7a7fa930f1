using System.Text.Json;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Gateway.Tests.Stands;
using Aigc2d.TestKit;

namespace Aigc2d.Gateway.Tests.Admission;

public sealed class SupportTests
{
    [Fact]
    public async Task Somebody_in_distress_gets_help_in_the_shape_of_a_completion()
    {
        await using var edge = await Edge.StartAsync(new TestClock());
        edge.Siblings.Moderation.Judge = _ => new() { Action = VerdictAction.Support, Category = "self_harm" };
        using var answer = await edge.ChatAsync(edge.Customer());
        Assert.Equal((200, "application/json"), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));

        var completion = JsonDocument.Parse(await answer.TextAsync()).RootElement;
        var content = completion.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
        Assert.Contains("findahelpline.com", content, StringComparison.Ordinal);
        Assert.Equal(
            $$$"""{"id":"chatcmpl-{{{Guid.Parse(answer.Header("x-request-id")!):N}}}","object":"chat.completion","created":1767225600,"model":"gpt-4o-mini","choices":[{"index":0,"message":{"role":"assistant","content":CONTENT,"refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}}""",
            (await answer.TextAsync()).Replace(completion.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetRawText(), "CONTENT", StringComparison.Ordinal));
        await Eventually.Equal(1, () => Task.FromResult(edge.Siblings.Billing.Releases.Count));
    }

    [Theory]
    [InlineData(false, 3)]
    [InlineData(true, 4)]
    public async Task Help_streams_as_a_completion_streams(bool includeUsage, int frames)
    {
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Moderation.Judge = _ => new() { Action = VerdictAction.Support, Category = "self_harm" };
        var options = includeUsage ? ",\"stream_options\":{\"include_usage\":true}" : "";
        using var answer = await edge.ChatAsync(edge.Customer(), $"{Edge.Hello[..^1]},\"stream\":true{options}}}");
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);

        var sent = (await answer.TextAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("data: [DONE]", sent[^1]);
        var chunks = sent[..^1].Select(frame => JsonDocument.Parse(frame["data: ".Length..]).RootElement).ToArray();
        Assert.Equal(frames, chunks.Length);
        Assert.Equal(["assistant", null, null], chunks[..3].Select(chunk => chunk.GetProperty("choices")[0].GetProperty("delta").TryGetProperty("role", out var role) ? role.GetString() : null));
        Assert.Equal("stop", chunks[2].GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.All(chunks[..3], chunk => Assert.Equal(includeUsage, chunk.TryGetProperty("usage", out _)));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_client_of_anthropic_gets_help_in_the_shape_of_a_message(bool stream)
    {
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Moderation.Judge = _ => new() { Action = VerdictAction.Support, Category = "self_harm" };
        var body = $$"""{"model":"gpt-4o-mini","max_tokens":9,"stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"Hello, world!"}]}""";
        using var answer = await edge.SendAsync(HttpMethod.Post, "/v1/messages", edge.Customer().Key, Edge.Json(body));
        Assert.Equal((200, stream ? "text/event-stream" : "application/json"), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));

        var text = await answer.TextAsync();
        Assert.Contains("findahelpline.com", text, StringComparison.Ordinal);
        var id = $"msg_{Guid.Parse(answer.Header("request-id")!):N}";
        if (!stream)
        {
            var message = JsonDocument.Parse(text).RootElement;
            Assert.Equal((id, "message", "end_turn", 0), (
                message.GetProperty("id").GetString(), message.GetProperty("type").GetString(), message.GetProperty("stop_reason").GetString(), message.GetProperty("usage").GetProperty("output_tokens").GetInt32()));
            return;
        }

        var names = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(frame => frame.Split('\n')[0]);
        Assert.Equal(((string[])["message_start", "content_block_start", "content_block_delta", "content_block_stop", "message_delta", "message_stop"]).Select(name => $"event: {name}"), names);
        Assert.Contains($"\"id\":\"{id}\"", text, StringComparison.Ordinal);
    }
}
