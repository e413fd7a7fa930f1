using System.Text;

namespace Aigc2d.ProviderAdapters.Routing;

/// <summary>
/// Sends calls with the same prompt prefix to the same channel, where the provider has it in its cache. Rendezvous hashing: each channel has a
/// score for the prefix, the highest wins, and a channel that comes or goes moves only the prefixes that are its own. All processes agree.
/// </summary>
internal static class Affinity
{
    private const ulong Prime = 0x100000001B3;

    /// <summary>What a client calls its prefix is its own: two accounts do not meet by chance.</summary>
    public static ulong Of(Guid accountId, string cacheKey)
    {
        var hash = Add(0xCBF29CE484222325, accountId);
        foreach (var unit in Encoding.UTF8.GetBytes(cacheKey)) hash = (hash ^ unit) * Prime;
        return hash;
    }

    /// <summary>The channel's score; shares follow the weights.</summary>
    public static double Score(ulong prefix, Guid channelId, int weight)
    {
        var share = (Mix(Add(prefix, channelId)) >> 11) * (1.0 / (1UL << 53));
        return weight / -Math.Log(share + double.Epsilon);
    }

    private static ulong Add(ulong hash, Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);
        foreach (var unit in bytes) hash = (hash ^ unit) * Prime;
        return hash;
    }

    private static ulong Mix(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCD;
        hash = (hash ^ (hash >> 33)) * 0xC4CEB9FE1A85EC53;
        return hash ^ (hash >> 33);
    }
}
