using System.Collections.Concurrent;
using Aigc2d.Contracts.Accounts;
using Aigc2d.Gateway.Edges;

namespace Aigc2d.Gateway.Keys;

/// <summary>Whose key it is: from memory for a minute, from Accounts otherwise, and from memory for five minutes when Accounts is away.</summary>
internal sealed class VerifyKey(IAccountsApi accounts, PrincipalCache cache, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan FreshUnknown = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan UsableInOutage = TimeSpan.FromSeconds(300);
    private readonly ConcurrentDictionary<KeyHash, Lazy<Task<KeyAnswer>>> _underWay = new();

    public async ValueTask<KeyAnswer> VerifyAsync(string key, CancellationToken ct)
    {
        var hash = KeyHash.Of(key);
        var known = cache.Find(hash);
        if (known is { IsDoubtful: false } && Age(known) < (known.Principal is null ? FreshUnknown : Fresh)) return new(known.Principal, IsOutage: false);

        // One call for all that wait for the same key; a caller who gives up does not end it for the others.
        var shared = _underWay.GetOrAdd(hash, new Lazy<Task<KeyAnswer>>(() => AskAsync(key, hash, known)));
        return await shared.Value.WaitAsync(ct);
    }

    private async Task<KeyAnswer> AskAsync(string key, KeyHash hash, CachedPrincipal? known)
    {
        try
        {
            var changes = cache.Changes;
            var asked = time.GetTimestamp();
            var answer = await accounts.VerifyKeyAsync(new VerifyKeyRequest { Key = key }, CancellationToken.None);
            cache.Keep(hash, new CachedPrincipal(answer.Principal, asked), changes);
            return new(answer.Principal, IsOutage: false);
        }
        catch (Exception exception) when (Outages.Include(exception))
        {
            // Looked up again: an announcement may have dropped the key while we waited.
            var usable = known?.Principal is not null && cache.Find(hash) is not null && Age(known) < UsableInOutage;
            return usable ? new(known!.Principal, IsOutage: false) : new(null, IsOutage: true);
        }
        finally
        {
            _underWay.TryRemove(hash, out _);
        }
    }

    private TimeSpan Age(CachedPrincipal known) => time.GetElapsedTime(known.VerifiedAt);
}

/// <summary>Whose key it is.</summary>
/// <param name="Principal">The principal; null when nobody knows the key or Accounts could not be asked.</param>
/// <param name="IsOutage">Whether Accounts could not be asked.</param>
internal readonly record struct KeyAnswer(Principal? Principal, bool IsOutage);
