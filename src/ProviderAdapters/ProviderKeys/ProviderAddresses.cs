using System.Collections.Frozen;
using Aigc2d.ProviderAdapters.Adapters;
using Microsoft.Extensions.Options;

namespace Aigc2d.ProviderAdapters.ProviderKeys;

/// <summary>
/// Where customers' own keys may be sent: the official address of their provider, or a host that the deployment allows. Whoever could name any address
/// could make this process ask machines that only it can reach.
/// </summary>
internal sealed class ProviderAddresses
{
    private static readonly FrozenDictionary<string, Uri> Official = new Dictionary<string, Uri>
    {
        ["openai"] = new("https://api.openai.com/v1"),
        ["anthropic"] = new("https://api.anthropic.com"),
        ["wenxin"] = new("https://aip.baidubce.com"),
        ["wenxin-v2"] = new("https://qianfan.baidubce.com/v2"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly HashSet<string> _allowed;

    public ProviderAddresses(IOptions<ProviderKeyOptions> options, AdapterFamilies families)
    {
        _allowed = options.Value.AllowedHosts.Select(host => OriginOf(host)!).ToHashSet(StringComparer.Ordinal);
        Providers = [.. families.Providers.Where(Official.ContainsKey)];
    }

    /// <summary>The providers that customers may have keys for.</summary>
    public IReadOnlyList<string> Providers { get; }

    /// <summary>Whether an address that a customer gave may be asked; of the official hosts only the official address itself.</summary>
    public bool Allows(string provider, Uri address) =>
        address.IsAbsoluteUri && address.UserInfo.Length == 0 && address.Query.Length == 0 && address.Fragment.Length == 0
        && ((Official.TryGetValue(provider, out var official) && official == address) || _allowed.Contains(address.GetLeftPart(UriPartial.Authority)));

    /// <summary>The address to ask; null when the one that was given is not, or no longer, allowed.</summary>
    public Uri? Of(string provider, string? given)
    {
        if (given is null) return Official.GetValueOrDefault(provider);
        return Uri.TryCreate(given, UriKind.Absolute, out var address) && Allows(provider, address) ? address : null;
    }

    /// <summary>Scheme, host and port of an entry of the settings; null when it is none.</summary>
    public static string? OriginOf(string entry)
    {
        var text = entry.Contains("://", StringComparison.Ordinal) ? entry : $"https://{entry}";
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" && uri.PathAndQuery == "/" && uri.UserInfo.Length == 0 && uri.Fragment.Length == 0
            ? uri.GetLeftPart(UriPartial.Authority)
            : null;
    }
}
