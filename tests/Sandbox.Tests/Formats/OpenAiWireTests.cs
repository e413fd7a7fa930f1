using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Aigc2d.Sandbox.Tests.Kit;
using Aigc2d.TestKit;

namespace Aigc2d.Sandbox.Tests.Formats;

public sealed class OpenAiWireTests(SandboxFixture fixture)
{
    private HttpClient Client => fixture.Client;

    [Fact]
    public async Task Hello_world_costs_eleven_tokens_and_its_answer_nine()
    {
        var (status, text) = await AskAsync("wire-plain", "sk-1");

        var answer = JsonDocument.Parse(text).RootElement;
        Assert.Equal((HttpStatusCode.OK, "wire-plain", "Hello! The sandbox is here to help."), (status, answer.GetProperty("model").GetString(), answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()));
        Assert.Equal(
            """{"prompt_tokens":11,"completion_tokens":9,"total_tokens":20,"prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}}""",
            answer.GetProperty("usage").GetRawText());
    }

    [Fact]
    public async Task A_stream_has_the_frames_of_the_reference_sequence()
    {
        var (_, text) = await AskAsync("wire-stream@chunks=2,text=Hello", "sk-1", """,  "stream":true,"stream_options":{"include_usage":true}""");

        var frames = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("data: [DONE]", frames[^1]);
        var chunks = frames[..^1].Select(frame => JsonDocument.Parse(frame[6..]).RootElement).ToArray();
        Assert.Equal(
            [
                """[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}]null""",
                """[{"index":0,"delta":{"content":"He"},"logprobs":null,"finish_reason":null}]null""",
                """[{"index":0,"delta":{"content":"llo"},"logprobs":null,"finish_reason":null}]null""",
                """[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}]null""",
                """[]{"prompt_tokens":11,"completion_tokens":2,"total_tokens":13,"prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}}""",
            ],
            chunks.Select(chunk => chunk.GetProperty("choices").GetRawText() + chunk.GetProperty("usage").GetRawText()));
    }

    [Theory]
    [InlineData(null, "wire-auth", 401, null)]
    [InlineData("sk-1", "wire-auth@dealy=5ms", 400, "invalid_value")]
    [InlineData("sk-1", "wire-auth@status=503", 503, null)]
    public async Task Errors_come_in_openais_dialect(string? key, string model, int status, string? code)
    {
        var (answered, text) = await AskAsync(model, key);
        Assert.Equal((status, code), ((int)answered, JsonDocument.Parse(text).RootElement.GetProperty("error").GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Answers_wait_at_a_gate_and_are_seen_meanwhile()
    {
        var asking = Task.WhenAll(Enumerable.Range(0, 10).Select(_ => AskAsync("wire-gate@gate=ten", "sk-1")));

        await Eventually.Equal(10, async () => (await Client.GetFromJsonAsync<JsonElement>("/sandbox/gates/ten")).GetProperty("waiting").GetInt32());
        Assert.Equal(10, (await Client.GetFromJsonAsync<JsonElement>("/sandbox/open?model=wire-gate")).GetProperty("open").GetInt32());
        Assert.False(asking.IsCompleted);
        await Client.PostAsync(new Uri("/sandbox/gates/ten/open", UriKind.Relative), null);

        Assert.All(await asking, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Equal(10, (await Client.GetFromJsonAsync<JsonElement>("/sandbox/requests?model=wire-gate")).GetProperty("count").GetInt32());
        await Eventually.Equal(0, async () => (await Client.GetFromJsonAsync<JsonElement>("/sandbox/open?model=wire-gate")).GetProperty("open").GetInt32());
    }

    [Fact]
    public async Task A_stream_shows_what_comes_before_its_gate_and_meets_the_fault_behind_it()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Headers = { { "Authorization", "Bearer sk-1" } } };
        request.Content = new StringContent("""{"model":"wire-stream@chunks=4,text=abcdefgh,gate=midway,gateafter=2,errorframe=2","stream":true,"messages":[{"role":"user","content":"Hello, world!"}]}""");
        using var response = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        while (await lines.ReadLineAsync() is { } line && !line.Contains("\"cd\"", StringComparison.Ordinal)) Assert.DoesNotContain("error", line, StringComparison.Ordinal);
        await Eventually.Equal(1, async () => (await Client.GetFromJsonAsync<JsonElement>("/sandbox/gates/midway")).GetProperty("waiting").GetInt32());

        await Client.PostAsync(new Uri("/sandbox/gates/midway/open", UriKind.Relative), null);
        var rest = await lines.ReadToEndAsync();

        Assert.Contains("\"error\"", rest, StringComparison.Ordinal);
        Assert.DoesNotContain("\"ef\"", rest, StringComparison.Ordinal);
    }

    private async Task<(HttpStatusCode Status, string Text)> AskAsync(string model, string? key, string more = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions");
        request.Content = new StringContent($$"""{"model":"{{model}}","messages":[{"role":"user","content":"Hello, world!"}]{{more}}}""");
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await Client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
