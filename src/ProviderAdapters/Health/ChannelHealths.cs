using System.Collections.Concurrent;
using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ProviderAdapters.Routing;
using Microsoft.Extensions.Options;

namespace Aigc2d.ProviderAdapters.Health;

/// <summary>How all channels are doing. A channel with another address or credential, or switched on again, starts anew.</summary>
internal sealed class ChannelHealths(IOptions<RoutingOptions> options, TimeProvider time, Random random, RoutingMetrics metrics)
{
    private readonly ConcurrentDictionary<Guid, ChannelHealth> _channels = new();

    /// <summary>The platform's channels; how customers' own keys are doing is their business.</summary>
    public IEnumerable<ChannelHealth> All => _channels.Values.Where(health => health.Channel.AccountId is null);

    public ChannelHealth Of(Channel channel) => _channels.GetOrAdd(channel.Id, static (_, start) => start.Healths.Start(start.Channel), (Healths: this, Channel: channel));

    /// <summary>Keys of these accounts were read again, null for all: forgets as below.</summary>
    public void FollowOwn(IReadOnlyDictionary<Guid, Channel> keys, IReadOnlyCollection<Guid>? accountIds)
    {
        foreach (var known in _channels.Values.Where(known => known.Channel.AccountId is { } account && accountIds?.Contains(account) != false))
        {
            if (!keys.TryGetValue(known.Channel.Id, out var now) || IsOther(known.Channel, now)) _channels.TryRemove(known.Channel.Id, out _);
            else known.Adopt(now);
        }
    }

    /// <summary>The channels were read again: forgets those that are gone, and what is held against those that are others now.</summary>
    public void Follow(IReadOnlyDictionary<Guid, Channel> channels)
    {
        foreach (var id in All.Select(known => known.Channel.Id).Where(id => !channels.ContainsKey(id)).ToArray()) _channels.TryRemove(id, out _);
        foreach (var channel in channels.Values)
        {
            var known = Of(channel);
            if (IsOther(known.Channel, channel)) _channels[channel.Id] = Start(channel);
            else known.Adopt(channel);
        }
    }

    private static bool IsOther(Channel before, Channel now) =>
        before.BaseUrl != now.BaseUrl || before.Credential != now.Credential || before.Provider != now.Provider || before.IsActive != now.IsActive;

    private ChannelHealth Start(Channel channel) => new(channel, options.Value, time, random, metrics.CountOpened);
}
