using System.Globalization;
using Aigc2d.Contracts;
using Aigc2d.Contracts.Moderation;
using Aigc2d.ProviderAdapters.Channels;

namespace Aigc2d.ProviderAdapters.Calls;

/// <summary>Who calls, for whom, what: the headers that the gateway sends beside the client's own body.</summary>
public sealed record CallIdentity(Guid RequestId, Guid AccountId, Guid KeyId, string Model, int InputTokens, string? Region = null)
{
    /// <summary>How long the client waits for its answer, from when the call came; null when it did not say.</summary>
    public TimeSpan? Patience { get; init; }

    /// <summary>How strictly the answer is screened.</summary>
    public Strictness Strictness { get; init; }

    private const int MaxModelLength = 256;

    /// <returns>The identity, or null and the header that is missing or malformed.</returns>
    public static CallIdentity? Read(IHeaderDictionary headers, out string? faultyHeader)
    {
        faultyHeader = null;
        var model = Uri.UnescapeDataString(headers[CallHeaders.Model].ToString());
        if (!Guid.TryParseExact(headers[CallHeaders.RequestId], "D", out var requestId)) faultyHeader = CallHeaders.RequestId;
        if (!Guid.TryParseExact(headers[CallHeaders.AccountId], "D", out var accountId)) faultyHeader = CallHeaders.AccountId;
        if (!Guid.TryParseExact(headers[CallHeaders.KeyId], "D", out var keyId)) faultyHeader = CallHeaders.KeyId;
        if (model.Length is 0 or > MaxModelLength || model.Any(char.IsControl)) faultyHeader = CallHeaders.Model;
        if (!int.TryParse(headers[CallHeaders.InputTokens], NumberStyles.None, CultureInfo.InvariantCulture, out var inputTokens)) faultyHeader = CallHeaders.InputTokens;
        var region = headers[CallHeaders.Region].ToString();
        if (region.Length > 0 && !ChannelFields.IsRegion(region)) faultyHeader = CallHeaders.Region;
        var patience = headers[CallHeaders.PatienceMs].ToString();
        var patienceMs = 0;
        if (patience.Length > 0 && !int.TryParse(patience, NumberStyles.None, CultureInfo.InvariantCulture, out patienceMs)) faultyHeader = CallHeaders.PatienceMs;
        var strictness = Strictness.Standard;
        if (headers[CallHeaders.Strictness].ToString() is { Length: > 0 } named && (!Enum.TryParse(named, ignoreCase: true, out strictness) || !Enum.IsDefined(strictness))) faultyHeader = CallHeaders.Strictness;
        if (faultyHeader is not null) return null;

        return new CallIdentity(requestId, accountId, keyId, model, inputTokens, region.Length > 0 ? region : null)
        {
            Patience = patienceMs > 0 ? TimeSpan.FromMilliseconds(patienceMs) : null,
            Strictness = strictness,
        };
    }
}
