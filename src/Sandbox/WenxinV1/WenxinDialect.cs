using System.Globalization;
using Aigc2d.Sandbox.Calls;
using Aigc2d.Sandbox.Scripts;

namespace Aigc2d.Sandbox.WenxinV1;

/// <summary>Wenxin v1's way: a token in the query, and errors as numbers in an answer that says 200, streams included.</summary>
public sealed class WenxinDialect : IDialect
{
    public const int InvalidJson = 336_002;
    public const int InvalidParameter = 336_003;
    public const int TooLong = 336_007;

    public void CheckCaller(HttpRequest request)
    {
        var token = request.Query["access_token"].ToString();
        if (token.Length == 0) throw new RequestRefusedException("Invalid parameter") { Code = "100" };
        var judged = request.HttpContext.RequestServices.GetRequiredService<WenxinTokens>().Judge(token);
        if (judged is { } code) throw new RequestRefusedException(code == WenxinTokens.Expired ? "Access token expired" : "Access token invalid or no longer valid") { Code = $"{code}" };
    }

    public void WriteHeaders(HttpContext http, Script script)
    {
        var headers = http.Response.Headers;
        var limits = RateLimits.Of(script);
        headers["X-Bce-Request-Id"] = $"{Guid.CreateVersion7()}";
        headers["X-Ratelimit-Limit-Requests"] = $"{limits.LimitRequests}";
        headers["X-Ratelimit-Limit-Tokens"] = $"{limits.LimitTokens}";
        headers["X-Ratelimit-Remaining-Requests"] = $"{limits.RemainingRequests}";
        headers["X-Ratelimit-Remaining-Tokens"] = $"{limits.RemainingTokens}";
    }

    public IResult Refuse(HttpContext http, RequestRefusedException refused) =>
        Result(http, 200, refused.Code is { } code ? int.Parse(code, CultureInfo.InvariantCulture) : refused.IsMalformed ? InvalidJson : InvalidParameter, refused.Message);

    /// <summary>A status alone is told as v1 tells it, with 200 and the number nearest to it; with <c>error=</c> it is a failure of Baidu's own gateway and stands.</summary>
    public IResult Fail(HttpContext http, Script script)
    {
        var code = script.ErrorCode ?? CodeOf(script.Status!.Value, script.Code);
        var status = script.ErrorCode is not null || script.Status < 400 ? script.Status ?? 200 : 200;
        return Result(http, status, code, $"{MeaningOf(code)}, app 12345678 at {http.Request.Host.Value}");
    }

    /// <summary>The members of an error object, wherever it appears.</summary>
    public static object Describe(int code, string message) => new { error_code = code, error_msg = message, id = $"as-{Guid.CreateVersion7():N}" };

    public static string MeaningOf(int code) => code switch
    {
        2 => "Service temporarily unavailable",
        3 => "Unsupported openapi method",
        4 => "Open api request limit reached",
        6 => "No permission to access data",
        17 => "Open api daily request limit reached",
        18 => "Open api qps request limit reached",
        19 => "Open api total request limit reached",
        100 => "Invalid parameter",
        110 => "Access token invalid or no longer valid",
        111 => "Access token expired",
        336_000 => "Internal error",
        336_001 => "Invalid argument",
        336_002 => "Invalid JSON",
        336_003 => "Invalid parameter",
        336_004 => "No permission for this model",
        336_005 => "API name does not exist",
        336_007 => "the max input characters is 20000",
        336_100 => "Server high load",
        336_101 => "Invalid HTTP method",
        336_103 => "the prompt tokens are too long",
        336_104 => "Invalid argument: system",
        336_501 => "Rate limit reached for RPM",
        336_502 => "Rate limit reached for TPM",
        _ => "Unknown error",
    };

    private static int CodeOf(int status, string? word) => (status, word) switch
    {
        (_, "context_length_exceeded") => TooLong,
        (_, "insufficient_quota") => 17,
        (_, "content_filter") => 336_104,
        (_, "model_not_found") => 336_005,
        (400, _) => InvalidParameter,
        (401, _) => 14,
        (403, _) => 6,
        (404, _) => 336_005,
        (429, _) => 18,
        (503, _) => 2,
        (529, _) => 336_100,
        _ => 336_000,
    };

    private static IResult Result(HttpContext http, int status, int code, string message)
    {
        http.Response.Headers["X-Bce-Error-Code"] = $"{code}";
        http.Response.Headers["X-Bce-Error-Message"] = MeaningOf(code);
        return SandboxJson.Result(Describe(code, message), status);
    }
}
