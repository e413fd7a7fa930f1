using System.Globalization;
using Aigc2d.Sandbox.Calls;
using Aigc2d.Sandbox.OpenAi;
using Aigc2d.Sandbox.Scripts;

namespace Aigc2d.Sandbox.Anthropic;

/// <summary>Anthropic's way: either key header, a version header that must be there, its own envelope and one error type per status.</summary>
public sealed class AnthropicDialect : IDialect
{
    private const string VersionHeader = "anthropic-version";

    private static readonly HashSet<string> Types = new(
        [
            "invalid_request_error", "authentication_error", "billing_error", "permission_error", "not_found_error", "timeout_error", "conflict_error",
            "request_too_large", "rate_limit_error", "api_error", "overloaded_error",
        ],
        StringComparer.Ordinal);

    /// <summary>Whether a route that two providers share is asked in Anthropic's way.</summary>
    public static bool IsAsked(HttpRequest request) => request.Headers.ContainsKey(VersionHeader);

    public void CheckCaller(HttpRequest request)
    {
        if (KeyOf(request) is null) throw new RequestRefusedException("x-api-key: header is required") { Status = 401 };
        if (!IsAsked(request)) throw new RequestRefusedException($"{VersionHeader}: header is required");
    }

    public void WriteHeaders(HttpContext http, Script script)
    {
        var headers = http.Response.Headers;
        headers["request-id"] = $"req_{Guid.CreateVersion7():N}";
        headers["anthropic-organization-id"] = "org-sandbox1234";
        var limits = RateLimits.Of(script);
        var reset = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow() + limits.Reset;
        Write("requests", limits.LimitRequests, limits.RemainingRequests);
        Write("tokens", limits.LimitTokens, limits.RemainingTokens);
        Write("input-tokens", limits.LimitTokens, limits.RemainingTokens);
        Write("output-tokens", limits.LimitTokens, limits.RemainingTokens);

        void Write(string what, int limit, int remaining)
        {
            headers[$"anthropic-ratelimit-{what}-limit"] = $"{limit}";
            headers[$"anthropic-ratelimit-{what}-remaining"] = $"{remaining}";
            headers[$"anthropic-ratelimit-{what}-reset"] = reset.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        }
    }

    public IResult Refuse(HttpContext http, RequestRefusedException refused) => Result(http, refused.Status, TypeOf(refused.Status), refused.Message);

    public IResult Fail(HttpContext http, Script script)
    {
        var host = http.Request.Host.Value;
        if (script.Status is not { } status) return Result(http, 400, "invalid_request_error", "Script key 'error' is for Wenxin v1; say 'status' here.");
        var isType = script.Code is { } code && Types.Contains(code);
        var message = (status, script.Code) switch
        {
            (400, "context_length_exceeded") => "prompt is too long: 210000 tokens > 200000 maximum",
            (400, _) => $"temperature: Input should be less than or equal to 1. See https://{host}/docs for org-sandbox1234.",
            (401, _) => $"invalid x-api-key {KeyOf(http.Request)} at {host}",
            (404, _) => $"model: not found at {host}",
            (429, _) => $"Organization org-sandbox1234 has used up its requests per minute at {host}.",
            (529, _) => $"{host} is overloaded",
            _ => $"{host} had an error with the request of org-sandbox1234.",
        };
        return Result(http, status, isType ? script.Code! : TypeOf(status), message, isType ? null : script.Code);
    }

    public static string TypeOf(int status) => status switch
    {
        400 or 405 or 415 or 422 => "invalid_request_error",
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        408 or 504 => "timeout_error",
        409 => "conflict_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        529 => "overloaded_error",
        _ => "api_error",
    };

    private static string? KeyOf(HttpRequest request) =>
        request.Headers["x-api-key"].ToString() is { Length: > 0 } key ? key : OpenAiDialect.KeyOf(request);

    private static IResult Result(HttpContext http, int status, string type, string message, string? errorCode = null)
    {
        object error = errorCode is null ? new { type, message } : new { type, message, details = new { error_code = errorCode } };
        return SandboxJson.Result(new { type = "error", error, request_id = http.Response.Headers["request-id"].ToString() }, status);
    }
}
