using System.Globalization;
using Aigc2d.Contracts;

namespace Aigc2d.ProviderAdapters.Clients.Anthropic;

/// <summary>What the headers of a call in Anthropic's dialect add to its body.</summary>
/// <param name="Version">The version of the API that the client speaks; null when it did not say, or not in a way that may be repeated.</param>
/// <param name="Betas">The beta features that it asks for, separated by commas; null likewise.</param>
/// <param name="InputTokens">About so many tokens the prompt has.</param>
internal sealed record AnthropicHeaders(string? Version, string? Betas, int InputTokens)
{
    private const int LongestValue = 1_000;

    public static AnthropicHeaders Read(IHeaderDictionary headers)
    {
        int.TryParse(headers[CallHeaders.InputTokens], NumberStyles.None, CultureInfo.InvariantCulture, out var inputTokens);
        return new AnthropicHeaders(Plain(headers[CallHeaders.AnthropicVersion].ToString()), Plain(headers[CallHeaders.AnthropicBeta].ToString()), inputTokens);
    }

    private static string? Plain(string value) => value.Length is > 0 and <= LongestValue && value.All(c => c is >= ' ' and < '\u007f') ? value : null;
}
