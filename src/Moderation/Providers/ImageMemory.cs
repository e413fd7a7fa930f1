using Aigc2d.Moderation.Verdicts;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Internal;

namespace Aigc2d.Moderation.Providers;

/// <summary>
/// What a provider has said about images in the last minutes, because a conversation sends its images again with every turn. The provider's own words are
/// kept, so that policies decide each time; of an image a keyed hash of exactly what was asked, which is another one for every account.
/// </summary>
internal sealed class ImageMemory : IDisposable
{
    /// <summary>How many words are kept at most; then those that nobody asked for longest make room.</summary>
    public const int Most = 20_000;

    /// <summary>What is behind an address may change.</summary>
    public static readonly TimeSpan LifeOfAddress = TimeSpan.FromMinutes(5);

    /// <summary>A file stays what it is; what a provider thinks of it may change.</summary>
    public static readonly TimeSpan LifeOfFile = TimeSpan.FromMinutes(30);

    private readonly EvidenceHash _evidence;
    private readonly MemoryCache _words;

    public ImageMemory(EvidenceHash evidence, TimeProvider time)
    {
        _evidence = evidence;
        _words = new MemoryCache(new MemoryCacheOptions { SizeLimit = Most, Clock = new Clock(time) });
    }

    /// <summary>How many words are kept now.</summary>
    public int Count => _words.Count;

    /// <summary>What an account's question is known by: exactly this one, whatever else is the same file, so that nobody's word on one counts for another.</summary>
    public string KeyOf(Guid accountId, ImageQuestion question) => _evidence.OfQuestion(accountId, question.Image.Span);

    /// <summary>What was said; null when nothing was, or too long ago.</summary>
    public ProviderFlags? Find(string key) => _words.Get<ProviderFlags>(key);

    /// <summary>Keeps what was said about a file or, for a shorter time, an address.</summary>
    public void Keep(string key, bool isFile, ProviderFlags said) =>
        _words.Set(key, said, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = isFile ? LifeOfFile : LifeOfAddress });

    public void Dispose() => _words.Dispose();

    private sealed class Clock(TimeProvider time) : ISystemClock
    {
        public DateTimeOffset UtcNow => time.GetUtcNow();
    }
}
