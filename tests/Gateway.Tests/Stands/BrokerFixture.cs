using Aigc2d.Gateway.Tests.Stands;
using Aigc2d.TestKit;

[assembly: AssemblyFixture(typeof(BrokerFixture))]

namespace Aigc2d.Gateway.Tests.Stands;

/// <summary>A real broker for the tests that need one. The gateway works without, and in most tests it does.</summary>
public sealed class BrokerFixture : IAsyncLifetime
{
    private TestServers? _servers;

    public async ValueTask InitializeAsync() => _servers = await TestServers.StartAsync();

    public Task<string> NewVirtualHostAsync() => _servers!.NewVirtualHostAsync();

    public async ValueTask DisposeAsync()
    {
        if (_servers is not null) await _servers.DisposeAsync();
    }
}
