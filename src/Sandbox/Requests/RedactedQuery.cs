using Microsoft.AspNetCore.WebUtilities;

namespace Aigc2d.Sandbox.Requests;

/// <summary>The query of a request as the log may show it: the values that let somebody in are left out.</summary>
public static class RedactedQuery
{
    private static readonly HashSet<string> Secrets = new(["access_token", "client_secret", "api-key", "key"], StringComparer.OrdinalIgnoreCase);

    public static string Of(HttpRequest request) =>
        QueryString.Create(QueryHelpers.ParseQuery(request.QueryString.Value)
            .SelectMany(pair => pair.Value.Select(value => KeyValuePair.Create(pair.Key, Secrets.Contains(pair.Key) ? "redacted" : value)))).Value ?? "";
}
