using System.Text.Json.Serialization;
using Refit;

namespace Aigc2d.ProviderAdapters.Adapters;

/// <summary>The list of models that OpenAI, Anthropic and Baidu's second version all offer under the same path, each with its own way to say who asks.</summary>
internal interface IModelsApi
{
    [Get("/models")]
    Task<ApiResponse<ModelsPage>> ListAsync(
        [Header("Authorization")] string? authorization, [Header("x-api-key")] string? apiKey, [Header("anthropic-version")] string? version, CancellationToken ct);
}

/// <summary>As much of the answer as is shown.</summary>
internal sealed record ModelsPage
{
    [JsonPropertyName("data")]
    public IReadOnlyList<ListedModel?>? Data { get; init; }
}

/// <summary>A model by the provider's name for it.</summary>
internal sealed record ListedModel
{
    [JsonPropertyName("id")]
    public string? Id { get; init; }
}
