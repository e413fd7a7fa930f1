using Aspire.Hosting.ApplicationModel;

namespace Aigc2d.AppHost.Servers;

/// <summary>What the services connect to, wherever it runs.</summary>
public sealed record ServerConnections(
    IResourceBuilder<IResourceWithConnectionString> AccountsDb,
    IResourceBuilder<IResourceWithConnectionString> BillingDb,
    IResourceBuilder<IResourceWithConnectionString> ModerationDb,
    IResourceBuilder<IResourceWithConnectionString> AdaptersDb,
    IResourceBuilder<IResourceWithConnectionString> Messaging);
