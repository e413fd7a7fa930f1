namespace Aigc2d.Gateway.Edges;

/// <summary>Where customers reach this deployment: on the address that it configures (<c>Public:Url</c>), or on the one that they called.</summary>
internal sealed class PublicAddress(IConfiguration configuration)
{
    /// <summary>The address that the deployment configures, without a slash at its end; null when it does not.</summary>
    public string? Configured { get; } = configuration["Public:Url"]?.TrimEnd('/');

    public string Of(HttpRequest request) => Configured ?? $"{request.Scheme}://{request.Host}";
}
