using System.Text.Json.Serialization;

namespace Aigc2d.Sandbox.Models;

/// <summary>A few well-known names; the chat route answers for any name.</summary>
public static class ListModels
{
    private static readonly string[] Names = ["gpt-3.5-turbo", "gpt-4", "gpt-4o", "gpt-4o-mini"];

    public static void MapListModels(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/models", () => new ModelsResponse("list", [.. Names.Select(name => new Model(name, "model", 1_715_367_049, "sandbox"))]));

    /// <summary>OpenAI's list of models.</summary>
    public sealed record ModelsResponse([property: JsonPropertyName("object")] string Kind, Model[] Data);

    /// <summary>One model.</summary>
    public sealed record Model(string Id, [property: JsonPropertyName("object")] string Kind, long Created, [property: JsonPropertyName("owned_by")] string OwnedBy);
}
