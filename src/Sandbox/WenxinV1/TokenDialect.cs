using Aigc2d.Sandbox.Calls;
using Aigc2d.Sandbox.Scripts;

namespace Aigc2d.Sandbox.WenxinV1;

/// <summary>The token endpoint's own errors: real status codes and an OAuth body.</summary>
public sealed class TokenDialect : IDialect
{
    public void CheckCaller(HttpRequest request)
    {
        // The credentials are the request itself.
    }

    public void WriteHeaders(HttpContext http, Script script) => http.Response.Headers["X-Bce-Request-Id"] = $"{Guid.CreateVersion7()}";

    public IResult Refuse(HttpContext http, RequestRefusedException refused) =>
        SandboxJson.Result(new { error = refused.Code ?? (refused.Status == 401 ? "invalid_client" : "invalid_request"), error_description = refused.Message }, refused.Status);

    public IResult Fail(HttpContext http, Script script) => SandboxJson.Result(
        new
        {
            error = script.Code ?? (script.Status == 401 ? "invalid_client" : "server_error"),
            error_description = $"No token for {http.Request.Query["client_id"]} at {http.Request.Host.Value}",
        },
        script.Status ?? 500);
}
