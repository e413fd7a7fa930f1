using System.Collections.Frozen;

namespace Aigc2d.ProviderAdapters.Adapters;

/// <summary>The adapters by the provider of a channel.</summary>
internal sealed class AdapterFamilies(IEnumerable<IProviderAdapter> adapters)
{
    private readonly FrozenDictionary<string, IProviderAdapter> _adapters = adapters.ToFrozenDictionary(adapter => adapter.Provider, StringComparer.Ordinal);

    /// <summary>The providers that channels may have.</summary>
    public IReadOnlyList<string> Providers { get; } = [.. adapters.Select(adapter => adapter.Provider).Order(StringComparer.Ordinal)];

    public IProviderAdapter this[string provider] => _adapters[provider];
}
