using System.Text.RegularExpressions;
using Aigc2d.ProviderAdapters.Channels;

namespace Aigc2d.ProviderAdapters.Adapters.OpenAi;

/// <summary>Takes out of a provider's words what is ours alone: keys, hosts, organisations, the name we call the model by there.</summary>
public sealed partial class UpstreamText(Channel channel, ChannelModel model)
{
    private const int MaxLength = 1_000;
    private const int ShortestSecret = 8;
    private const string Removed = "***";

    /// <summary>The words as a customer may read them.</summary>
    public string Clean(string text)
    {
        if (channel.Credential.Length >= ShortestSecret) text = text.Replace(channel.Credential, Removed, StringComparison.Ordinal);
        if (model.Upstream != model.Name) text = text.Replace(model.Upstream, model.Name, StringComparison.Ordinal);
        text = Address().Replace(text, Removed);
        text = text.Replace(channel.BaseUrl.Authority, Removed, StringComparison.OrdinalIgnoreCase).Replace(channel.BaseUrl.Host, Removed, StringComparison.OrdinalIgnoreCase);
        text = Identifier().Replace(text, Removed);
        text = Unprintable().Replace(text, " ").Trim();
        return text.Length <= MaxLength ? text : text[..MaxLength];
    }

    /// <summary>A code, type or parameter path; null when it is anything else.</summary>
    public static string? Name(string? value) => value is not null && PlainName().IsMatch(value) ? value : null;

    [GeneratedRegex(@"\b[a-z][a-z0-9+.-]*://\S+|[\w.+-]+@[\w-]+\.[\w.-]+|\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b", RegexOptions.IgnoreCase)]
    private static partial Regex Address();

    [GeneratedRegex(@"\b(?:sk|pk|org|organization|proj|project|user|acct|account|req|key|bce|app)[-_](?=[A-Za-z._/-]*[0-9*])[A-Za-z0-9*._/-]{4,}", RegexOptions.IgnoreCase)]
    private static partial Regex Identifier();

    [GeneratedRegex(@"[\p{Cc}\p{Cf}\p{Cs}]+")]
    private static partial Regex Unprintable();

    [GeneratedRegex(@"^[A-Za-z0-9_.\[\]-]{1,100}$")]
    private static partial Regex PlainName();
}
