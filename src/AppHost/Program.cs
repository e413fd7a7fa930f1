using System.Globalization;
using Aigc2d.AppHost;
using Aigc2d.AppHost.LocalRuns;
using Aigc2d.AppHost.Servers;
using Aigc2d.AppHost.Services;
using Aspire.Hosting;

var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { Args = args, EnableResourceLogging = true });
var settings = RunSettings.Read(builder);
if (builder.ExecutionContext.IsRunMode)
{
    builder.AddLocalSecrets(settings);
    builder.AddDashboardAddresses(settings);
}

// Parameters: Parameters:<name>, as a variable Parameters__<name with _>. A local run generates them once.
var credentials = new ServerCredentials(
    PostgresUser: builder.AddParameter("postgres-user", "aigc2d", publishValueAsDefault: true),
    PostgresPassword: builder.AddParameter("postgres-password", secret: true),
    RabbitUser: builder.AddParameter("rabbitmq-user", "aigc2d", publishValueAsDefault: true),
    RabbitPassword: builder.AddParameter("rabbitmq-password", secret: true));
var internalKey = builder.AddParameter("internal-key", secret: true);
var keyPepper = builder.AddParameter("key-pepper", secret: true);
var redemptionPepper = builder.AddParameter("redemption-pepper", secret: true);
var evidenceKey = builder.AddParameter("evidence-key", secret: true);
var credentialKey = builder.AddParameter("credential-key", secret: true);
var idempotencyKey = builder.AddParameter("idempotency-key", secret: true);
var adminKey = builder.AddParameter("admin-key", secret: true);
var adminKey2 = builder.AddParameter("admin-key-2", secret: true);
var financeKey = builder.AddParameter("finance-key", secret: true);

// Servers: PostgreSQL with one database per service, and RabbitMQ.
var servers = settings.Infrastructure switch
{
    "containers" => ContainerServers.Add(builder, settings, credentials),
    "local" => LocalServers.Add(builder, settings, credentials),
    "external" => ExternalServers.Add(builder),
    var unknown => throw new InvalidOperationException($"Infrastructure:Mode '{unknown}' is not containers, local or external."),
};

// Services: whoever needs an answer from another one refers to it and waits for it.
var accounts = builder.AddService<Projects.Accounts>("accounts", internalKey)
    .WithDatabase(servers.AccountsDb)
    .WithMessaging(servers.Messaging)
    .WithEnvironment("Keys__Pepper", keyPepper);

var billing = builder.AddService<Projects.Billing>("billing", internalKey)
    .WithDatabase(servers.BillingDb)
    .WithMessaging(servers.Messaging)
    .WithEnvironment("Redemptions__Pepper", redemptionPepper);

var moderation = builder.AddService<Projects.Moderation>("moderation", internalKey)
    .WithDatabase(servers.ModerationDb)
    .WithMessaging(servers.Messaging)
    .WithEnvironment("Evidence__Key", evidenceKey);

var adapters = builder.AddService<Projects.ProviderAdapters>("adapters", internalKey)
    .WithDatabase(servers.AdaptersDb)
    .WithMessaging(servers.Messaging)
    .WithReference(billing)
    .WithReference(moderation)
    .WaitFor(billing)
    .WaitFor(moderation)
    .WithEnvironment("Credentials__Key", credentialKey);

// A provider's moderation beside our own engine; until somebody wants it no text leaves for that.
moderation
    .WithReference(adapters)
    .WithEnvironment("Moderation__Upstream", builder.Configuration["Moderation:Upstream"] ?? "off");

// The only service that listens to the outside: the public API, and the admin API on a listener of its own.
builder.AddService<Projects.Gateway>("gateway", internalKey, settings.Port)
    .WithHttpEndpoint(port: settings.AdminPort, name: "admin", env: "Admin__Port", isProxied: false)
    .WithMessaging(servers.Messaging)
    .WithReference(accounts)
    .WithReference(billing)
    .WithReference(moderation)
    .WithReference(adapters)
    .WaitFor(accounts)
    .WaitFor(billing)
    .WaitFor(moderation)
    .WaitFor(adapters)
    .WithEnvironment("Admin__Keys__0__Name", "operator")
    .WithEnvironment("Admin__Keys__0__Key", adminKey)
    .WithEnvironment("Admin__Keys__1__Name", "operator-2")
    .WithEnvironment("Admin__Keys__1__Key", adminKey2)
    .WithEnvironment("Admin__FinanceKey", financeKey)
    .WithEnvironment("Idempotency__Key", idempotencyKey);

if (builder.ExecutionContext.IsPublishMode)
{
    await builder.Build().RunAsync();
    return 0;
}

// Stand-in providers, for local runs only.
builder.AddService<Projects.Sandbox>("sandbox", internalKey, settings.SandboxPort);
// Customers' own provider keys may be tried against them as well.
adapters.WithEnvironment("ProviderKeys__AllowedHosts__0", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{settings.SandboxPort}"));

return await LocalRun.RunAsync(builder, settings, servers);
