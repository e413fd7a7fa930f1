using System.Text.Json.Serialization;
using Aigc2d.Contracts.Providers;

namespace Aigc2d.Gateway.Models;

/// <summary>A model as OpenAI's clients read it, with what Anthropic's clients look for on the same route.</summary>
internal sealed record ModelResponse
{
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    [JsonPropertyName("object")]
    public string Object { get; } = "model";

    [JsonPropertyName("created")]
    public required long Created { get; init; }

    [JsonPropertyName("owned_by")]
    public required string OwnedBy { get; init; }

    [JsonPropertyName("type")]
    public string Type { get; } = "model";

    [JsonPropertyName("display_name")]
    public required string DisplayName { get; init; }

    [JsonPropertyName("created_at")]
    public required DateTime CreatedAt { get; init; }

    public static ModelResponse Of(RoutedModel model) => new()
    {
        Id = model.Name,
        Created = model.CreatedAt.ToUnixTimeSeconds(),
        OwnedBy = model.Providers.Length > 0 ? model.Providers[0] : "system",
        DisplayName = model.Name,
        CreatedAt = model.CreatedAt.UtcDateTime,
    };
}

/// <summary>The list of models: one page, always.</summary>
internal sealed record ModelListResponse
{
    [JsonPropertyName("object")]
    public string Object { get; } = "list";

    [JsonPropertyName("data")]
    public required ModelResponse[] Data { get; init; }

    [JsonPropertyName("has_more")]
    public bool HasMore { get; }

    [JsonPropertyName("first_id")]
    public string? FirstId => Data.Length > 0 ? Data[0].Id : null;

    [JsonPropertyName("last_id")]
    public string? LastId => Data.Length > 0 ? Data[^1].Id : null;
}
