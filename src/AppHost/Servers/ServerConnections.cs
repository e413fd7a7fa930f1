using Aspire.Hosting.ApplicationModel;

namespace Aigc2d.AppHost.Servers;

/// <summary>What the services connect to, wherever it runs.</summary>
public sealed record ServerConnections(
    IResourceBuilder<IResourceWithConnectionString> AccountsDb,
    IResourceBuilder<IResourceWithConnectionString> BillingDb,
    IResourceBuilder<IResourceWithConnectionString> ModerationDb,
    IResourceBuilder<IResourceWithConnectionString> AdaptersDb,
    IResourceBuilder<IResourceWithConnectionString> Messaging);

/// <summary>How the suite logs in to servers that it starts itself.</summary>
public sealed record ServerCredentials(
    IResourceBuilder<ParameterResource> PostgresUser,
    IResourceBuilder<ParameterResource> PostgresPassword,
    IResourceBuilder<ParameterResource> RabbitUser,
    IResourceBuilder<ParameterResource> RabbitPassword);
