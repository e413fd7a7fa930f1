using System.Globalization;
using Aigc2d.Sandbox.Calls;
using Aigc2d.Sandbox.Scripts;

namespace Aigc2d.Sandbox.OpenAi;

/// <summary>OpenAI's way to let callers in and to say no. Errors speak of keys and hosts as real ones do, so that a gateway that repeats them is found out.</summary>
public sealed class OpenAiDialect : IDialect
{
    private const string Scheme = "Bearer ";

    /// <summary>Accepts any key, as a provider would accept its customers' keys, and none not at all.</summary>
    public void CheckCaller(HttpRequest request)
    {
        if (KeyOf(request) is null) throw new RequestRefusedException("You didn't provide an API key. Send it as 'Authorization: Bearer KEY'.") { Status = 401 };
    }

    public static string? KeyOf(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && header.Length > Scheme.Length ? header[Scheme.Length..].Trim() : null;
    }

    public void WriteHeaders(HttpContext http, Script script)
    {
        var headers = http.Response.Headers;
        headers["x-request-id"] = $"req_{Guid.CreateVersion7():N}";
        WriteLimits(headers, RateLimits.Of(script));
    }

    public static void WriteLimits(IHeaderDictionary headers, RateLimits limits)
    {
        headers["x-ratelimit-limit-requests"] = $"{limits.LimitRequests}";
        headers["x-ratelimit-remaining-requests"] = $"{limits.RemainingRequests}";
        headers["x-ratelimit-reset-requests"] = Duration(limits.Reset);
        headers["x-ratelimit-limit-tokens"] = $"{limits.LimitTokens}";
        headers["x-ratelimit-remaining-tokens"] = $"{limits.RemainingTokens}";
        headers["x-ratelimit-reset-tokens"] = Duration(limits.Reset);
    }

    public IResult Refuse(HttpContext http, RequestRefusedException refused) =>
        OpenAiError.Result(refused.Status, "invalid_request_error", refused.Code ?? (refused.Status == 401 ? null : "invalid_value"), refused.Message, refused.Param);

    public IResult Fail(HttpContext http, Script script)
    {
        var host = http.Request.Host.Value;
        return (script.Status, script.Code) switch
        {
            (null, _) => OpenAiError.Result(400, "invalid_request_error", "invalid_value", "Script key 'error' is for Wenxin v1; say 'status' here.", "model"),
            (400, "context_length_exceeded") => OpenAiError.Result(400, "invalid_request_error", script.Code,
                "This model's maximum context length is 128000 tokens, but 130000 were asked for.", "messages"),
            (400, _) => OpenAiError.Result(400, "invalid_request_error", script.Code ?? "invalid_value",
                $"Invalid value for 'temperature'. See https://{host}/docs for organization org-sandbox1234.", "temperature"),
            (401, _) => OpenAiError.Result(401, "invalid_request_error", script.Code ?? "invalid_api_key",
                $"Incorrect API key provided: {KeyOf(http.Request)}. You can find your API key at https://{host}/account."),
            (403, _) => OpenAiError.Result(403, "request_forbidden", script.Code ?? "unsupported_country_region_territory", $"Your region may not use {host}."),
            (404, _) => OpenAiError.Result(404, "invalid_request_error", script.Code ?? "model_not_found",
                $"The model does not exist at {host}, or org-sandbox1234 may not use it.", "model"),
            (409 or 413 or 422, _) => OpenAiError.Result(script.Status.Value, "invalid_request_error", script.Code, $"The request could not be taken by {host}."),
            (429, _) => OpenAiError.Result(429, script.Code ?? "requests", script.Code ?? "rate_limit_exceeded",
                $"Rate limit reached in organization org-sandbox1234 on requests per min at {host}."),
            _ => OpenAiError.Result(script.Status.Value, "server_error", script.Code, $"The server {host} had an error while processing your request."),
        };
    }

    /// <summary>As OpenAI writes durations: 120ms, 1s, 6m0s.</summary>
    private static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0}ms"),
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###}s"),
        { TotalHours: < 1 } => $"{time.Minutes}m{time.Seconds}s",
        _ => $"{(int)time.TotalHours}h{time.Minutes}m{time.Seconds}s",
    };
}
