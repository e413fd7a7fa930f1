using Npgsql;

namespace Aigc2d.ProviderAdapters.Channels;

/// <summary>Keeps the channels of this process up to date; they are few, so each change reads them all.</summary>
internal sealed class WatchChannels(ChannelDirectory directory, NpgsqlDataSource db, TimeProvider time, ILogger<WatchChannels> logger)
    : WatchTable(ChannelDirectory.Changed, TimeSpan.FromSeconds(30), db, time, logger)
{
    protected override Task ReloadAsync(IReadOnlyCollection<string>? payloads, CancellationToken ct) => directory.ReloadAsync(ct);
}
