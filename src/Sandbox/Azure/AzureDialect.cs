using Aigc2d.Sandbox.Calls;
using Aigc2d.Sandbox.OpenAi;
using Aigc2d.Sandbox.Scripts;

namespace Aigc2d.Sandbox.Azure;

/// <summary>Azure's way: an <c>api-key</c> header or a bearer token, a dated API version, errors that often have a code and a message only.</summary>
public sealed class AzureDialect : IDialect
{
    public void CheckCaller(HttpRequest request)
    {
        if (request.Headers["api-key"].ToString().Length == 0 && OpenAiDialect.KeyOf(request) is null)
        {
            throw new RequestRefusedException("Access denied: the subscription key is missing or not one of this endpoint.") { Status = 401, Code = "401" };
        }

        if (request.Query["api-version"].ToString().Length == 0) throw new RequestRefusedException("Resource not found") { Status = 404, Code = "404" };
    }

    public void WriteHeaders(HttpContext http, Script script)
    {
        var headers = http.Response.Headers;
        headers["apim-request-id"] = headers["x-request-id"] = $"{Guid.CreateVersion7()}";
        headers["x-ms-region"] = "Sandbox";
        OpenAiDialect.WriteLimits(headers, RateLimits.Of(script));
    }

    public IResult Refuse(HttpContext http, RequestRefusedException refused) => refused.Status == StatusCodes.Status400BadRequest
        ? OpenAiError.Result(400, "invalid_request_error", refused.Code ?? "invalid_value", refused.Message, refused.Param)
        : Short(refused.Status, refused.Code ?? $"{refused.Status}", refused.Message);

    public IResult Fail(HttpContext http, Script script)
    {
        var host = http.Request.Host.Value;
        return (script.Status, script.Code) switch
        {
            (400, "content_filter") => Filtered(),
            (401, _) => Short(401, script.Code ?? "401", $"Access denied: the subscription key {http.Request.Headers["api-key"]} is not one of https://{host}."),
            (404, _) => Short(404, script.Code ?? "DeploymentNotFound", $"There is no such deployment for this resource at {host}; a new one takes five minutes."),
            (429, _) => Short(429, script.Code ?? "429",
                $"Too many requests of this operation for the pricing tier of resource sandbox1234 at {host}. Wait {script.RetryAfterSeconds ?? 1} seconds."),
            ( >= 500, _) => Short(script.Status.Value, script.Code ?? "InternalServerError", $"The resource sandbox1234 at {host} had an error."),
            _ => new OpenAiDialect().Fail(http, script),
        };
    }

    private static IResult Short(int status, string code, string message) => SandboxJson.Result(new { error = new { code, message } }, status);

    /// <summary>The prompt met Azure's own filter.</summary>
    private static IResult Filtered() => SandboxJson.Result(
        new
        {
            error = new
            {
                message = "The prompt met the content management policy; change it and try again.",
                type = (string?)null,
                param = "prompt",
                code = "content_filter",
                status = 400,
                innererror = new
                {
                    code = "ResponsibleAIPolicyViolation",
                    content_filter_result = new
                    {
                        hate = new { filtered = false, severity = "safe" },
                        jailbreak = new { filtered = false, detected = false },
                        self_harm = new { filtered = false, severity = "safe" },
                        sexual = new { filtered = false, severity = "safe" },
                        violence = new { filtered = true, severity = "high" },
                    },
                },
            },
        },
        StatusCodes.Status400BadRequest);
}
