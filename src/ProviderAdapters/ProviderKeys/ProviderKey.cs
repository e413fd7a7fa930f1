using Aigc2d.ProviderAdapters.Channels;

namespace Aigc2d.ProviderAdapters.ProviderKeys;

/// <summary>An account's own key at a provider, as calls are routed over it. Not a record: its channel holds the credential.</summary>
/// <param name="channel">The way to the provider; not active when its credential or address cannot be used.</param>
/// <param name="models">The models it serves; null for those that the platform lists for its provider.</param>
internal sealed class ProviderKey(Channel channel, IReadOnlyList<string>? models)
{
    public Channel Channel { get; } = channel;

    public bool Serves(string model, ChannelRoutes platform) =>
        models is null ? platform.ProvidersOf(model).Contains(Channel.Provider) : models.Contains(model);
}
