using Aigc2d.TestKit;

namespace Aigc2d.Moderation.Tests.Policies;

/// <summary>A Moderation whose policies tests may change; each test keeps to categories of its own.</summary>
public sealed class PolicyStand(ModerationFixture moderation) : IAsyncLifetime
{
    private ServiceUnderTest? _service;

    public ServiceUnderTest Service => _service!;

    public async ValueTask InitializeAsync() => _service = await moderation.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_service is not null) await _service.DisposeAsync();
    }
}
