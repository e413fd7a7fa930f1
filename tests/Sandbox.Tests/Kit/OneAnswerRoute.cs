using System.Text.Json;

namespace Aigc2d.Sandbox.Tests.Kit;

/// <summary>How to ask a route that answers at once and never streams: embeddings of each provider, counts, moderation.</summary>
public sealed record OneAnswerRoute(string Name, Func<string, string> Path, string Members, params (string Name, string Value)[] Headers)
{
    private const string Workshop = "/rpc/2.0/ai_custom/v1/wenxinworkshop";
    private static readonly (string, string) Bearer = ("Authorization", "Bearer sk-1");

    private static readonly OneAnswerRoute[] All =
    [
        new("openai", _ => "/v1/embeddings", "\"input\":\"Hello, world!\"", Bearer),
        new("azure", model => $"/openai/deployments/{Uri.EscapeDataString(model)}/embeddings?api-version=2024-10-21", "\"input\":\"Hello, world!\"", ("api-key", "azure-1")),
        new("wenxin-v1", model => $"{Workshop}/embeddings/{Uri.EscapeDataString(model)}", "\"input\":[\"Hello, world!\"]"),
        new("wenxin-v2", _ => "/v2/embeddings", "\"input\":[\"Hello, world!\"]", ("Authorization", "Bearer bce-v3/1")),
        new("tokenizer", model => $"{Workshop}/tokenizer/{Uri.EscapeDataString(model)}", "\"prompt\":\"Hello, world!\""),
        new("moderations", _ => "/v1/moderations", "\"input\":\"Hello, world!\"", Bearer),
        new(
            "count-tokens",
            _ => "/v1/messages/count_tokens",
            "\"messages\":[{\"role\":\"user\",\"content\":\"Hello, world!\"}]",
            ("x-api-key", "sk-ant-1"), ("anthropic-version", "2023-06-01")),
    ];

    public static OneAnswerRoute Of(string name) => All.Single(route => route.Name == name);

    /// <summary>Wenxin v1 says everything with 200.</summary>
    public bool FailsWith200 => Name is "wenxin-v1" or "tokenizer";

    /// <summary>Asks with the route's own members, or with others.</summary>
    public async Task<WireAnswer> AskAsync(SandboxFixture fixture, string model, string? members = null, CancellationToken ct = default)
    {
        var path = Path(model) + (FailsWith200 ? $"?access_token={await WireFormat.TokenAsync(fixture)}" : "");
        return await fixture.SendAsync(HttpMethod.Post, path, $$"""{"model":{{JsonSerializer.Serialize(model)}},{{members ?? Members}}}""", ct, Headers);
    }
}
