using System.Text.Json.Serialization;
using Refit;

namespace Aigc2d.ProviderAdapters.Adapters.Wenxin;

/// <summary>Where an application's keys are exchanged for an access token.</summary>
internal interface ITokenEndpoint
{
    [Post("/oauth/2.0/token?grant_type=client_credentials")]
    Task<ApiResponse<TokenEndpointAnswer>> ExchangeAsync(
        [AliasAs("client_id")] string apiKey, [AliasAs("client_secret")] string secretKey, CancellationToken cancellationToken);
}

/// <summary>An access token and how long it is good for, seconds; or the reason why there is none.</summary>
internal sealed record TokenEndpointAnswer
{
    [JsonPropertyName("access_token")]
    public string? AccessToken { get; init; }

    [JsonPropertyName("expires_in")]
    public long? ExpiresIn { get; init; }

    [JsonPropertyName("error")]
    public string? Error { get; init; }

    [JsonPropertyName("error_description")]
    public string? ErrorDescription { get; init; }
}
