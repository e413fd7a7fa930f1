using System.ComponentModel.DataAnnotations;

namespace Aigc2d.ProviderAdapters.ProviderKeys;

/// <summary>What a deployment allows for customers' own provider keys (section <c>ProviderKeys</c>).</summary>
public sealed class ProviderKeyOptions : IValidatableObject
{
    public const string Section = "ProviderKeys";

    /// <summary>How many keys an account can store.</summary>
    [Range(0, 1_000)]
    public int MaxPerAccount { get; set; } = 20;

    /// <summary>
    /// Where keys may be sent beside the providers' official addresses: hosts as <c>host</c> or <c>host:port</c>, reached over https; with <c>http://</c>
    /// before it, without. Everybody with an account can make this process connect to them.
    /// </summary>
    public IList<string> AllowedHosts { get; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var host in AllowedHosts.Where(host => ProviderAddresses.OriginOf(host) is null))
            yield return new ValidationResult($"{Section}:{nameof(AllowedHosts)}: '{host}' is not a host, a host with a port, or such a one after http:// or https://.");
    }
}
