namespace Aigc2d.Gateway.Tests.Stands;

/// <summary>One gateway for all attacks of a test class, one after the other: each finds it as the one before has left it.</summary>
public sealed class AttackedEdge : IAsyncLifetime
{
    private readonly Aftermath _aftermath = new();
    private Edge? _edge;

    /// <summary>The gateway, with stand-ins that remember nothing of earlier attacks.</summary>
    public Edge Next()
    {
        _edge!.Siblings.Forget();
        return _edge;
    }

    /// <summary>The next caller is served, and nothing of the attack is left.</summary>
    public Task AssertNothingIsLeftAsync() => _aftermath.AssertNothingIsLeftAsync(_edge!);

    public async ValueTask InitializeAsync() => _edge = await Edge.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _edge!.DisposeAsync();
        _aftermath.Dispose();
    }
}
