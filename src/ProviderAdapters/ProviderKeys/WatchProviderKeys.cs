using Aigc2d.ProviderAdapters.Channels;
using Npgsql;

namespace Aigc2d.ProviderAdapters.ProviderKeys;

/// <summary>Keeps customers' own keys of this process up to date, account by account.</summary>
internal sealed class WatchProviderKeys(ProviderKeyDirectory directory, NpgsqlDataSource db, TimeProvider time, ILogger<WatchProviderKeys> logger)
    : WatchTable(ProviderKeyDirectory.Changed, TimeSpan.FromSeconds(60), db, time, logger)
{
    protected override Task ReloadAsync(IReadOnlyCollection<string>? payloads, CancellationToken ct) =>
        directory.ReloadAsync(payloads is null ? null : [.. payloads.Select(Guid.Parse)], ct);
}
