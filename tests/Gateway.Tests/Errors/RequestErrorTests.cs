using System.Net.Http.Headers;
using System.Text;
using Aigc2d.Gateway.Tests.Stands;

namespace Aigc2d.Gateway.Tests.Errors;

public sealed class RequestErrorTests
{
    private const string InvalidRequest = "invalid_request_error";

    [Fact]
    public async Task An_unknown_route_is_404_in_the_dialect_of_its_path()
    {
        await using var edge = await Edge.StartAsync();
        using var openAi = await edge.SendAsync(HttpMethod.Post, "/v1/unheard-of", null);
        using var root = await edge.SendAsync(HttpMethod.Get, "/v1", null);
        using var selfService = await edge.SendAsync(HttpMethod.Get, "/api/unheard-of", null);
        await openAi.AssertOpenAiErrorAsync(404, InvalidRequest, "unknown_url", "There is no such route for POST.");
        await root.AssertOpenAiErrorAsync(404, InvalidRequest, "unknown_url", "There is no such route for GET.");
        await selfService.AssertProblemAsync(404, "not-found", "There is no such route for GET.");
    }

    [Fact]
    public async Task A_wrong_method_is_405_in_the_dialect_of_its_path()
    {
        await using var edge = await Edge.StartAsync();
        using var openAi = await edge.SendAsync(HttpMethod.Get, "/v1/chat/completions", null);
        using var selfService = await edge.SendAsync(HttpMethod.Put, "/api/account", null);
        await openAi.AssertOpenAiErrorAsync(405, InvalidRequest, "method_not_supported", "This route does not accept GET.");
        await selfService.AssertProblemAsync(405, "method-not-allowed", "This route does not accept PUT.");
        Assert.Equal("POST", openAi.Header("Allow"));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/jsonp")]
    public async Task Another_content_type_is_415(string contentType)
    {
        await using var edge = await Edge.StartAsync();
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Edge.Hello)) { Headers = { ContentType = MediaTypeHeaderValue.Parse(contentType) } };
        using var answer = await edge.SendAsync(HttpMethod.Post, "/v1/chat/completions", edge.Customer().Key, content);
        await answer.AssertOpenAiErrorAsync(415, InvalidRequest, "unsupported_content_type", "Send the body as 'Content-Type: application/json' in UTF-8.");
    }

    [Fact]
    public async Task A_body_without_a_content_type_is_415()
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Post, "/v1/chat/completions", edge.Customer().Key, new ByteArrayContent(Encoding.UTF8.GetBytes(Edge.Hello)));
        await answer.AssertOpenAiErrorAsync(415, InvalidRequest, "unsupported_content_type", "Send the body as 'Content-Type: application/json' in UTF-8.");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("identity, gzip")]
    public async Task A_compressed_body_is_415(string encoding)
    {
        await using var edge = await Edge.StartAsync();
        var content = Edge.Json(Edge.Hello);
        content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        using var answer = await edge.SendAsync(HttpMethod.Post, "/v1/chat/completions", edge.Customer().Key, content);
        await answer.AssertOpenAiErrorAsync(415, InvalidRequest, "unsupported_content_type", "Compressed request bodies are not accepted; send the JSON without Content-Encoding.");
    }

    [Theory]
    [InlineData("application/json;charset=\"UTF-8\"")]
    [InlineData("Application/JSON")]
    public async Task Other_spellings_of_the_content_type_are_fine(string contentType)
    {
        await using var edge = await Edge.StartAsync();
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Edge.Hello)) { Headers = { ContentType = MediaTypeHeaderValue.Parse(contentType) } };
        using var answer = await edge.SendAsync(HttpMethod.Post, "/v1/chat/completions", edge.Customer().Key, content);
        Assert.Equal(200, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_body_above_32_MB_is_413_without_a_hold(bool tellsItsLength, bool waitsForLeave)
    {
        await using var edge = await Edge.StartAsync();
        var body = new byte[33 * 1024 * 1024];
        Array.Fill(body, (byte)' ');
        HttpContent content = tellsItsLength ? new ByteArrayContent(body) : new StreamContent(new LengthlessStream(body));
        content.Headers.ContentType = new("application/json");
        using var answer = await edge.SendAsync(HttpMethod.Post, "/v1/chat/completions", edge.Customer().Key, content, headers => headers.ExpectContinue = waitsForLeave);
        await answer.AssertOpenAiErrorAsync(413, InvalidRequest, null, "The request body is larger than 32 MB.");
        Assert.Empty(edge.Siblings.Billing.Holds);
    }

    [Fact]
    public async Task A_refused_body_names_the_field_and_leaves_no_hold()
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.ChatAsync(edge.Customer(), """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"<é'>"}],"max_tokens":-1}""");
        await answer.AssertOpenAiErrorAsync(400, InvalidRequest, "invalid_value", "Invalid 'max_tokens': must be an integer from 1 to 2147483647.", "max_tokens");
        Assert.Empty(edge.Siblings.Billing.Holds);
        Assert.Empty(edge.Siblings.Moderation.Screenings);
    }

    private sealed class LengthlessStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
