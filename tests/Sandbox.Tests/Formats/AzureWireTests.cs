using Aigc2d.Sandbox.Tests.Kit;

namespace Aigc2d.Sandbox.Tests.Formats;

public sealed class AzureWireTests(SandboxFixture fixture)
{
    private const string Body = """{"messages":[{"role":"user","content":"Hi"}]}""";

    [Fact]
    public async Task A_stream_begins_with_a_frame_without_a_choice()
    {
        var answer = await WireFormat.Of("azure").AskAsync(fixture, "az-wire@chunks=1,text=Hello", stream: true);

        Assert.StartsWith("""{"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"prompt_index":0,"content_filter_results":{"hate":""", answer.Frames[0], StringComparison.Ordinal);
        Assert.Equal(6, answer.Frames.Length);
    }

    [Theory]
    [InlineData("?api-version=1", null, 401, "401")]
    [InlineData("", "k", 404, "404")]
    public async Task A_key_and_a_version_must_be_there(string query, string? key, int status, string code)
    {
        var answer = await fixture.SendAsync(HttpMethod.Post, $"/openai/deployments/d/chat/completions{query}", Body, (key is null ? "X-None" : "api-key", key ?? ""));

        Assert.Equal(status, answer.Status);
        Assert.Equal(["code", "message"], answer.Json.GetProperty("error").EnumerateObject().Select(member => member.Name));
        Assert.Equal(code, answer.Json.GetProperty("error").GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("status=401", 401, "401")]
    [InlineData("status=404", 404, "DeploymentNotFound")]
    [InlineData("status=429", 429, "429")]
    [InlineData("status=400,code=content_filter", 400, "content_filter")]
    [InlineData("status=500", 500, "InternalServerError")]
    public async Task Errors_have_azures_codes(string script, int status, string code)
    {
        var answer = await WireFormat.Of("azure").AskAsync(fixture, $"az-errors@{script}");
        Assert.Equal((status, code), (answer.Status, answer.Json.GetProperty("error").GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_deployment_is_decoded_once_and_its_script_once_more()
    {
        var answer = await WireFormat.Of("azure").AskAsync(fixture, "az-encoded@text=50%25%20off%2C%20%2Fyou");

        Assert.Equal("50% off, /you", WireFormat.Of("azure").ReadPlain(answer.Json).Text);
        Assert.Equal("az-encoded@text=50%25%20off%2C%20%2Fyou", (await fixture.ReceivedAsync("az-encoded"))[0].GetProperty("model").GetString());
    }
}
