using System.Text.RegularExpressions;
using Aigc2d.ProviderAdapters.Adapters.Wenxin;

namespace Aigc2d.ProviderAdapters.Channels;

/// <summary>What the fields of a channel may be. Each check adds the field and a sentence to the errors.</summary>
public sealed partial class ChannelFields
{
    public const int DefaultWeight = 1;
    private const int MaxNameLength = 100;
    private const int MaxUrlLength = 2_000;
    private const int MaxCredentialLength = 4_000;
    private const int MaxModels = 500;
    private const int MaxModelLength = 256;
    private const int MaxUpstreamLength = 2_000; // the Sandbox's scripts are part of it
    private const int MaxPriority = 1_000_000;
    private const int MaxWeight = 10_000;
    private const int MaxRegionLength = 32;
    private const long MaxCost = 9_007_199_254_740_991;

    /// <summary>The errors by field; empty when all is well.</summary>
    public Dictionary<string, string[]> Errors { get; } = new(StringComparer.Ordinal);

    /// <param name="value">The provider.</param>
    /// <param name="known">The providers that this process has an adapter for.</param>
    public ChannelFields Provider(string value, IReadOnlyCollection<string> known) => Check("provider", known.Contains(value), $"must be one of: {string.Join(", ", known)}.");

    public ChannelFields Name(string value) => Check(
        "name", value.Length is > 0 and <= MaxNameLength && !value.Any(char.IsControl), $"must have 1 to {MaxNameLength} printable characters.");

    public ChannelFields BaseUrl(string value) => Check(
        "baseUrl", IsPlainAddress(value), "must be an absolute http or https address without user, fragment or query (only Azure's ?api-version=YYYY-MM-DD may follow), for example https://api.openai.com/v1.");

    public ChannelFields Credential(string value) => Check(
        "credential",
        value.Length is > 0 and <= MaxCredentialLength && value.All(c => c is > ' ' and < '\u007f'),
        $"must have 1 to {MaxCredentialLength} visible ASCII characters.");

    /// <summary>What only some providers want of an address or a credential; null is not checked.</summary>
    public ChannelFields FitsProvider(string provider, string? baseUrl, string? credential)
    {
        if (baseUrl is not null)
        {
            Check("baseUrl", provider == "openai" || !baseUrl.Contains('?', StringComparison.Ordinal), $"must have no query: the provider {provider} has no dated versions.");
        }

        return Check(
            "credential",
            credential is null || provider != "wenxin" || WenxinCredential.IsValid(credential),
            "must be an application's API key and secret key, letters and digits, joined by a colon: AK:SK.");
    }

    public ChannelFields Models(IReadOnlyList<ChannelModel> value)
    {
        Check("models", value.Count is > 0 and <= MaxModels, $"must list 1 to {MaxModels} models.");
        for (var i = 0; i < value.Count; i++)
        {
            var isValid = IsModelName(value[i].Name, MaxModelLength) && IsModelName(value[i].Upstream, MaxUpstreamLength);
            Check($"models[{i}]", isValid, $"must be a name of 1 to {MaxModelLength} printable characters without spaces.");
        }

        var twice = value.GroupBy(model => model.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        return Check("models", twice is null, $"lists '{twice?.Key}' more than once.");
    }

    public ChannelFields Priority(int value) => Check("priority", Math.Abs((long)value) <= MaxPriority, $"must lie between -{MaxPriority} and {MaxPriority}.");

    public ChannelFields Weight(int value) => Check("weight", value is >= 1 and <= MaxWeight, $"must lie between 1 and {MaxWeight}.");

    public ChannelFields State(string value) => Check("state", value is "active" or "disabled", "must be 'active' or 'disabled'.");

    public ChannelFields Region(string? value) => Check(
        "region", value is null || IsRegion(value) || value.Length == 0, $"must have 1 to {MaxRegionLength} lower-case letters, digits and hyphens, or be empty for none.");

    /// <summary>Whether a text could be a region at all.</summary>
    public static bool IsRegion(string value) => value.Length is > 0 and <= MaxRegionLength && value.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    public ChannelFields Limits(ChannelLimits? value)
    {
        Limit("requestsPerMinute", value?.RequestsPerMinute);
        Limit("tokensPerMinute", value?.TokensPerMinute);
        return Limit("concurrentCalls", value?.ConcurrentCalls);
    }

    public ChannelFields PriceOverrides(IReadOnlyDictionary<string, ModelCost>? value)
    {
        if (value is null) return this;
        Check("priceOverrides", value.Count <= MaxModels, $"must name at most {MaxModels} models.");
        foreach (var (model, cost) in value)
        {
            var isValid = IsModelName(model, MaxModelLength) && cost?.InputMicropointsPer1k is >= 0 and <= MaxCost && cost.OutputMicropointsPer1k is >= 0 and <= MaxCost;
            Check($"priceOverrides.{model}", isValid, $"must be a model with inputMicropointsPer1k and outputMicropointsPer1k between 0 and {MaxCost}.");
        }

        return this;
    }

    private ChannelFields Limit(string name, int? value) => Check($"limits.{name}", value is null or >= 1, "must be at least 1, or absent for no limit.");

    private static bool IsPlainAddress(string value) =>
        value.Length <= MaxUrlLength && Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
        && uri.UserInfo.Length == 0 && (!value.Contains('?', StringComparison.Ordinal) || ApiVersion().IsMatch(uri.Query)) && !value.Contains('#', StringComparison.Ordinal);

    private static bool IsModelName(string value, int maxLength) =>
        value.Length > 0 && value.Length <= maxLength && !value.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || char.IsSurrogate(c));

    [GeneratedRegex(@"^\?api-version=\d{4}-\d{2}-\d{2}(-preview)?$")]
    private static partial Regex ApiVersion();

    private ChannelFields Check(string field, bool isValid, string message)
    {
        if (!isValid && !Errors.ContainsKey(field)) Errors[field] = [message];
        return this;
    }
}
