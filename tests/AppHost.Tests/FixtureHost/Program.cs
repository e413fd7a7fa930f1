using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

var builder = DistributedApplication.CreateBuilder(args);
var port = int.Parse(builder.Configuration["Port"]!, CultureInfo.InvariantCulture);

// Neither listens to SIGTERM, and one has left its process group: only SIGKILL and the mark in the environment reach them.
var server = builder.AddExecutable("server", "bash", ".", "-c", builder.Configuration["Stubborn"] is null ? "sleep 1000" : "trap '' TERM; setsid sleep 1000 & sleep 1000")
    .WithEndpoint(scheme: "tcp", name: "tcp", env: "PORT");
var password = builder.AddParameter("password", secret: true);
var endpoint = server.GetEndpoint("tcp");
var database = builder.AddConnectionString("billingdb", ReferenceExpression.Create($"Host=127.0.0.1;Port={endpoint.Property(EndpointProperty.Port)};Username=aigc2d;Password={password};Database=billingdb")).WaitFor(server);
var messaging = builder.AddConnectionString("messaging-url", ReferenceExpression.Create($"amqp://aigc2d:{password:uri}@{endpoint.Property(EndpointProperty.HostAndPort)}")).WaitFor(server);

var peer = builder.AddProject<Projects.FixtureService>("peer", options => options.ExcludeLaunchProfile = true)
    .WithHttpEndpoint(port: port + 1, isProxied: false);
builder.AddProject<Projects.FixtureService>("service", options => options.ExcludeLaunchProfile = true)
    .WithHttpEndpoint(port: port, isProxied: false)
    .WithHttpEndpoint(port: port + 2, name: "admin", isProxied: false)
    .WithHttpHealthCheck("/health", endpointName: "http")
    .WithReference(database)
    .WithReference(messaging, connectionName: "messaging")
    .WithReference(peer)
    .WithEnvironment("Keys__Pepper", password)
    .WaitFor(database);

await builder.Build().RunAsync();
