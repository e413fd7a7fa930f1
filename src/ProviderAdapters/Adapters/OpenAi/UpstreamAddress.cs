using System.Text.RegularExpressions;
using Aigc2d.ProviderAdapters.Channels;

namespace Aigc2d.ProviderAdapters.Adapters.OpenAi;

/// <summary>
/// Where an upstream in OpenAI's dialect is asked, and how it is told who asks. An address that names a version is used as it is, any other
/// gets the family's own. Azure has two forms of its own: with an API version the model is a deployment in the path, without one the newer
/// <c>/openai/v1</c> is meant.
/// </summary>
internal static partial class UpstreamAddress
{
    public const string Chat = "/chat/completions";
    public const string Completions = "/completions";
    public const string Embeddings = "/embeddings";
    public const string Moderations = "/moderations";
    private const string AzurePath = "/openai";
    private const string AzureVersioned = "/openai/v1";
    private const string AzureDeployments = "/openai/deployments";

    // The newest that is generally available; for deployment paths that were given without one.
    private const string AzureApiVersion = "?api-version=2024-10-21";

    private static readonly string[] Routes = [Chat, Completions, Embeddings, Moderations];
    private static readonly string[] AzureHosts = [".openai.azure.com", ".openai.azure.us", ".openai.azure.cn", ".cognitiveservices.azure.com", ".services.ai.azure.com"];

    /// <summary>The address of a channel of OpenAI's or Azure's, and whether the key goes into Azure's header.</summary>
    public static (Uri Address, bool IsAzure) Of(Channel channel, ChannelModel model, string route) =>
        IsAzure(channel.BaseUrl) ? (OfAzure(channel.BaseUrl, model, route), true) : (Of(channel.BaseUrl, "v1", route), false);

    /// <summary>The address under a base that may or may not name the version.</summary>
    public static Uri Of(Uri baseUrl, string version, string route) =>
        new(VersionSegment().IsMatch(baseUrl.AbsolutePath) ? Start(baseUrl) + route : $"{Start(baseUrl)}/{version}{route}");

    /// <summary>Without a route, should the operator have given one too.</summary>
    private static string Start(Uri baseUrl)
    {
        var start = baseUrl.GetLeftPart(UriPartial.Path).TrimEnd('/');
        var route = Array.Find(Routes, known => start.EndsWith(known, StringComparison.OrdinalIgnoreCase));
        return route is null ? start : start[..^route.Length];
    }

    private static bool IsAzure(Uri url) =>
        url.Query.Length > 0
        || url.AbsolutePath.Contains(AzureDeployments, StringComparison.OrdinalIgnoreCase)
        || AzureHosts.Any(host => url.Host.EndsWith(host, StringComparison.OrdinalIgnoreCase));

    private static Uri OfAzure(Uri url, ChannelModel model, string route)
    {
        var start = Start(url);
        var deployments = start.IndexOf(AzureDeployments, StringComparison.OrdinalIgnoreCase);
        if (deployments < 0)
        {
            if (start.EndsWith(AzureVersioned, StringComparison.OrdinalIgnoreCase)) return new Uri(start + route + url.Query);
            if (!start.EndsWith(AzurePath, StringComparison.OrdinalIgnoreCase)) start += AzurePath;
            if (url.Query.Length == 0) return new Uri($"{start}/v1{route}");
            start += AzureDeployments[AzurePath.Length..];
            deployments = start.Length - AzureDeployments.Length;
        }

        // A deployment that the operator put into the address is the one that is asked, whatever the model is called.
        var isNamed = start.Length > deployments + AzureDeployments.Length;
        var deployment = isNamed ? start : $"{start}/{Uri.EscapeDataString(model.Upstream)}";
        return new Uri(deployment + route + (url.Query.Length > 0 ? url.Query : AzureApiVersion));
    }

    [GeneratedRegex(@"/v\d+(?:(?:alpha|beta)\d*)?(?:/|$)", RegexOptions.IgnoreCase)]
    private static partial Regex VersionSegment();
}
