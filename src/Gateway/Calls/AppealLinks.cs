namespace Aigc2d.Gateway.Calls;

/// <summary>Where a customer appeals against a refusal: on the address they called, or on the one that the deployment configures.</summary>
internal sealed class AppealLinks(IConfiguration configuration)
{
    private readonly string? _publicUrl = configuration["Public:Url"]?.TrimEnd('/');

    public string For(HttpRequest request, Guid requestId) => $"{_publicUrl ?? $"{request.Scheme}://{request.Host}"}/api/appeals?request={requestId}";
}
