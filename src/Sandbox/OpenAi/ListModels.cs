using Aigc2d.Sandbox.Anthropic;
using Aigc2d.Sandbox.Calls;

namespace Aigc2d.Sandbox.OpenAi;

/// <summary>A few well-known names in the shape of who asks; the other routes answer for any name.</summary>
public static class ListModels
{
    private static readonly OpenAiDialect Dialect = new();
    private static readonly string[] Names =
        ["gpt-3.5-turbo", "gpt-4", "gpt-4o", "gpt-4o-mini", "gpt-5-mini", "text-embedding-3-small", "text-embedding-3-large", "omni-moderation-latest"];

    public static void MapListModels(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/models", (HttpContext http, ScriptedCalls calls) =>
            AnthropicDialect.IsAsked(http.Request)
                ? ListAnthropicModels.ListAsync(http, calls)
                : calls.HandleAsync(http, Dialect, "", _ => Task.FromResult(List(Names, "sandbox"))));
        routes.MapGet("/v1/models/{name}", (HttpContext http, ScriptedCalls calls) =>
        {
            var name = PathName.LastOf(http);
            return AnthropicDialect.IsAsked(http.Request)
                ? ListAnthropicModels.FindAsync(http, calls, name)
                : calls.HandleAsync(http, Dialect, name, call => FindAsync(call, Names, "sandbox"));
        });
    }

    public static IResult List(string[] names, string owner) =>
        SandboxJson.Result(new { @object = "list", data = names.Select(name => Describe(name, owner)).ToArray() });

    public static async Task<IResult> FindAsync(ScriptedCall call, string[] names, string owner)
    {
        if (await call.BehaveAsync() is { } failure) return failure;
        if (!names.Contains(call.Model.Name)) throw new RequestRefusedException($"The model '{call.Model.Name}' does not exist") { Status = 404, Code = "model_not_found", Param = "model" };
        return SandboxJson.Result(Describe(call.Model.Name, owner));
    }

    private static object Describe(string name, string owner) => new { id = name, @object = "model", created = 1_715_367_049, owned_by = owner };
}
