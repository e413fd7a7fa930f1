using Aigc2d.Gateway.Listeners;
using Microsoft.Extensions.Configuration;

namespace Aigc2d.Gateway.Tests.Edges;

public sealed class ListenerAddressTests
{
    [Theory]
    [InlineData("http://localhost:8080", null, "8081", "http://localhost:8080", "http://localhost:8081")]
    [InlineData("http://+:80; http://[::1]:90/", null, "8081", "http://+:80 http://[::1]:90/", "http://+:8081")]
    [InlineData("http://localhost:8080;http://localhost:8081", null, "8081", "http://localhost:8080", "http://localhost:8081")]
    [InlineData("http://localhost:8081;http://0.0.0.0:8080", null, "8081", "http://0.0.0.0:8080", "http://localhost:8081")]
    [InlineData(null, "8080", "8081", "http://*:8080", "http://*:8081")]
    [InlineData(null, null, "8081", "http://*:8080", "http://*:8081")]
    public void The_admin_port_is_beside_the_public_addresses(string? urls, string? ports, string admin, string expectedPublic, string expectedAdmin)
    {
        var addresses = ListenerAddresses.From(Configuration(urls, ports, admin));
        Assert.Equal((expectedPublic, expectedAdmin, 8081), (string.Join(' ', addresses.Public), addresses.Admin, addresses.AdminPort));
    }

    [Theory]
    [InlineData(null, "Admin:Port must be a port of its own for the admin listener, for example 8081.")]
    [InlineData("0", "Admin:Port must be a port of its own for the admin listener, for example 8081.")]
    [InlineData("8080", "Admin:Port 8080 is also the public port; the two listeners need different ports.")]
    public void Without_a_port_of_its_own_the_gateway_does_not_start(string? admin, string message) =>
        Assert.Equal(message, Assert.Throws<InvalidOperationException>(() => ListenerAddresses.From(Configuration("http://localhost:8080", null, admin))).Message);

    private static IConfigurationRoot Configuration(string? urls, string? ports, string? admin) =>
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["urls"] = urls, ["http_ports"] = ports, ["Admin:Port"] = admin }).Build();
}
