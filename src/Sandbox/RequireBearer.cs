namespace Aigc2d.Sandbox;

/// <summary>Accepts any key, as a provider would accept its customers' keys, and none not at all.</summary>
public sealed class RequireBearer : IEndpointFilter
{
    private const string Scheme = "Bearer ";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        KeyOf(context.HttpContext.Request) is null
            ? OpenAiError.Result(401, "invalid_request_error", null, "You didn't provide an API key. Send it as 'Authorization: Bearer KEY'.")
            : await next(context);

    public static string? KeyOf(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && header.Length > Scheme.Length ? header[Scheme.Length..].Trim() : null;
    }
}
