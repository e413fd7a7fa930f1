using Aigc2d.Contracts.Providers;

namespace Aigc2d.Gateway.Forwarding;

/// <summary>Where provider calls begin.</summary>
internal sealed class ProviderCalls(IHttpClientFactory clients, IProvidersApi providers)
{
    public const string Destination = "adapters";

    public ProviderCall Begin(Guid requestId) => new(clients.CreateClient(Destination), providers, requestId);
}
