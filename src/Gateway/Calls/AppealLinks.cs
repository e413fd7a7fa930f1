using Aigc2d.Gateway.Edges;

namespace Aigc2d.Gateway.Calls;

/// <summary>Where a customer appeals against a refusal.</summary>
internal sealed class AppealLinks(PublicAddress address)
{
    public string For(HttpRequest request, Guid requestId) => $"{address.Of(request)}/api/appeals?request={requestId}";
}
