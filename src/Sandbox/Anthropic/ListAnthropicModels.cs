using System.Globalization;
using Aigc2d.Sandbox.Calls;

namespace Aigc2d.Sandbox.Anthropic;

/// <summary>Anthropic's shape of the models, page by page.</summary>
public static class ListAnthropicModels
{
    private const int DefaultLimit = 20;
    private static readonly AnthropicDialect Dialect = new();

    private static readonly Model[] Models =
    [
        Describe("claude-opus-4-6", "Claude Opus 4.6", 1_000_000, 128_000),
        Describe("claude-sonnet-4-5", "Claude Sonnet 4.5", 200_000, 64_000),
        Describe("claude-haiku-4-5", "Claude Haiku 4.5", 200_000, 64_000),
        Describe("claude-2", "Claude 2", 100_000, 4_096),
        Describe("claude-instant-1", "Claude Instant 1", 100_000, 4_096),
    ];

    public static Task<IResult> ListAsync(HttpContext http, ScriptedCalls calls) => calls.HandleAsync(http, Dialect, "", _ =>
    {
        var query = http.Request.Query;
        var limit = int.TryParse(query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? Math.Clamp(asked, 1, 1_000) : DefaultLimit;
        var after = Array.FindIndex(Models, model => model.id == query["after_id"]) + 1;
        var page = Models.Skip(after).Take(limit).ToArray();
        return Task.FromResult(SandboxJson.Result(new
        {
            data = page,
            has_more = after + page.Length < Models.Length,
            first_id = page.FirstOrDefault()?.id,
            last_id = page.LastOrDefault()?.id,
        }));
    });

    public static Task<IResult> FindAsync(HttpContext http, ScriptedCalls calls, string name) => calls.HandleAsync(http, Dialect, name, async call =>
    {
        if (await call.BehaveAsync() is { } failure) return failure;
        var found = Models.FirstOrDefault(model => model.id == call.Model.Name);
        return found is null ? throw new RequestRefusedException($"model: {call.Model.Name}") { Status = 404 } : SandboxJson.Result(found);
    });

    private static Model Describe(string id, string name, int input, int output) => new("model", id, name, "2025-10-01T00:00:00Z", input, output);

    /// <summary>One model, its members named as on the wire.</summary>
    private sealed record Model(string type, string id, string display_name, string created_at, int max_input_tokens, int max_tokens);
}
