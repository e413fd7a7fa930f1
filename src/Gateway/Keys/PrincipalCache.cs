using Aigc2d.Contracts.Accounts;

namespace Aigc2d.Gateway.Keys;

/// <summary>A principal as Accounts last told it; null when Accounts did not know the key.</summary>
/// <param name="Principal">The principal, if there is one.</param>
/// <param name="VerifiedAt">The timestamp of the answer.</param>
internal sealed record CachedPrincipal(Principal? Principal, long VerifiedAt)
{
    /// <summary>Something has changed at Accounts since; ask again, but use this while Accounts cannot be reached.</summary>
    public bool IsDoubtful { get; init; }
}

/// <summary>
/// Principals by the hash of their key, bounded: what has not been used while half the capacity filled up anew is forgotten. Answers that were
/// asked for before a change was announced are not kept.
/// </summary>
internal sealed class PrincipalCache(int capacity)
{
    public const int DefaultCapacity = 200_000;
    private readonly Lock _gate = new();
    private Dictionary<KeyHash, CachedPrincipal> _recent = [];
    private Dictionary<KeyHash, CachedPrincipal> _older = [];
    private long _changes;

    /// <summary>How often something was dropped. Take it before asking Accounts and hand it to <see cref="Keep"/>.</summary>
    public long Changes => Interlocked.Read(ref _changes);

    public CachedPrincipal? Find(KeyHash key)
    {
        lock (_gate)
        {
            if (_recent.TryGetValue(key, out var found)) return found;
            if (!_older.Remove(key, out found)) return null;

            Insert(key, found);
            return found;
        }
    }

    /// <summary>Remembers an answer, unless something has changed since it was asked for.</summary>
    public void Keep(KeyHash key, CachedPrincipal answer, long changesBefore)
    {
        lock (_gate)
        {
            if (_changes == changesBefore) Insert(key, answer);
        }
    }

    /// <summary>Forgets one key of an account, or all of them.</summary>
    public void Drop(Guid accountId, Guid? keyId)
    {
        lock (_gate)
        {
            _changes++;
            DropFrom(_recent, accountId, keyId);
            DropFrom(_older, accountId, keyId);
        }
    }

    /// <summary>Has every key verified again before its next use. Known keys stay for the case that Accounts is away.</summary>
    public void DoubtAll()
    {
        lock (_gate)
        {
            _changes++;
            DoubtIn(_recent);
            DoubtIn(_older);
        }
    }

    private void Insert(KeyHash key, CachedPrincipal answer)
    {
        _older.Remove(key);
        if (_recent.Count >= capacity / 2)
        {
            _older = _recent;
            _recent = [];
        }

        _recent[key] = answer;
    }

    private static void DropFrom(Dictionary<KeyHash, CachedPrincipal> entries, Guid accountId, Guid? keyId)
    {
        foreach (var (hash, entry) in entries)
        {
            // Removing the current entry while enumerating is allowed since .NET Core 3.
            if (entry.Principal is { } known && known.AccountId == accountId && (keyId is null || known.KeyId == keyId)) entries.Remove(hash);
        }
    }

    private static void DoubtIn(Dictionary<KeyHash, CachedPrincipal> entries)
    {
        foreach (var (hash, entry) in entries.ToArray())
        {
            if (entry.Principal is null) entries.Remove(hash);
            else entries[hash] = entry with { IsDoubtful = true };
        }
    }
}
