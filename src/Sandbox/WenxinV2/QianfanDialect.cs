using Aigc2d.Sandbox.Calls;
using Aigc2d.Sandbox.OpenAi;
using Aigc2d.Sandbox.Scripts;

namespace Aigc2d.Sandbox.WenxinV2;

/// <summary>Wenxin v2's way: OpenAI's envelope without a param and with an id beside the error, Baidu's own types and codes.</summary>
public sealed class QianfanDialect : IDialect
{
    public void CheckCaller(HttpRequest request)
    {
        if (OpenAiDialect.KeyOf(request) is null) throw new RequestRefusedException("The IAM token is missing or does not follow 'Bearer '.") { Status = 401, Code = "invalid_iam_token" };
    }

    public void WriteHeaders(HttpContext http, Script script)
    {
        var headers = http.Response.Headers;
        var limits = RateLimits.Of(script);
        headers["X-Bce-Request-Id"] = $"{Guid.CreateVersion7()}";
        headers["X-Ratelimit-Limit-Requests"] = $"{limits.LimitRequests}";
        headers["X-Ratelimit-Remaining-Requests"] = $"{limits.RemainingRequests}";
        foreach (var kind in new[] { "Input", "Output" })
        {
            headers[$"X-Ratelimit-Limit-{kind}-Tokens"] = $"{limits.LimitTokens}";
            headers[$"X-Ratelimit-Remaining-{kind}-Tokens"] = $"{limits.RemainingTokens}";
        }
    }

    public IResult Refuse(HttpContext http, RequestRefusedException refused) =>
        Result(refused.Status, "invalid_request_error", refused.Code ?? (refused.IsMalformed ? "malformed_json" : "invalid_argument"), refused.Message);

    public IResult Fail(HttpContext http, Script script)
    {
        var host = http.Request.Host.Value;
        if (script.Status is not { } status) return Result(400, "invalid_request_error", "invalid_argument", "Script key 'error' is for Wenxin v1; say 'status' here.");
        var (type, code, message) = (status, script.Code) switch
        {
            (400, "context_length_exceeded") => ("invalid_request_error", "tokens_too_long", "the input has too many tokens"),
            (_, { } word) when word.EndsWith("_unsafe", StringComparison.Ordinal) => ("unsafe_request", word, "the request is not safe"),
            (400, _) => ("invalid_request_error", "invalid_argument", $"temperature is out of range, see https://{host}/docs for app-sandbox1234"),
            (401, _) => ("invalid_request_error", "invalid_iam_token", $"the token {OpenAiDialect.KeyOf(http.Request)} is not valid at {host}"),
            (402 or 403, _) => ("access_denied", "account_overdue", $"the account of app-sandbox1234 is overdue at {host}"),
            (404, _) => ("invalid_request_error", "invalid_model", $"the model does not exist at {host}, or app-sandbox1234 has no access"),
            (405, _) => ("invalid_request_error", "method_not_supported", "the method is not supported"),
            (429, _) => ("rate_limit_exceeded", "rpm_rate_limit_exceeded", $"app-sandbox1234 has reached its requests per minute at {host}"),
            (503, _) => ("Internal_error", "dispatch_internal_error", $"{host} could not dispatch the request"),
            _ => ("Internal_error", "internal_error", $"{host} had an error"),
        };
        return Result(status, type, script.Code is { } given && given != "context_length_exceeded" ? given : code, message);
    }

    private static IResult Result(int status, string type, string code, string message) =>
        SandboxJson.Result(new { error = new { code, message, type }, id = $"as-{Guid.CreateVersion7():N}" }, status);
}
