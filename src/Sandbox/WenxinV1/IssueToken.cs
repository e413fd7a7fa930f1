using Aigc2d.Sandbox.Calls;

namespace Aigc2d.Sandbox.WenxinV1;

/// <summary>The token endpoint. The API key may carry a script; a key that begins with "unknown" and a secret that begins with "wrong" are refused.</summary>
public static class IssueToken
{
    private static readonly TokenDialect Dialect = new();

    public static void MapIssueToken(this IEndpointRouteBuilder routes) => routes.MapMethods("/oauth/2.0/token", ["GET", "POST"], Handle);

    private static Task<IResult> Handle(HttpContext http, ScriptedCalls calls, WenxinTokens tokens)
    {
        var query = http.Request.Query;
        var key = query["client_id"].ToString();
        return calls.HandleAsync(http, Dialect, key, async call =>
        {
            if (query["grant_type"] != "client_credentials") throw new RequestRefusedException("The authorization grant type is not supported") { Code = "unsupported_grant_type" };
            if (key.Length == 0 || key.StartsWith("unknown", StringComparison.Ordinal)) throw new RequestRefusedException("unknown client id") { Status = 401 };
            var secret = query["client_secret"].ToString();
            if (secret.Length == 0 || secret.StartsWith("wrong", StringComparison.Ordinal)) throw new RequestRefusedException("Client authentication failed") { Status = 401 };
            if (await call.BehaveAsync() is { } failure) return failure;

            var (token, seconds) = tokens.Issue(key, call.Script.Lifetime);
            return SandboxJson.Result(new
            {
                access_token = token,
                expires_in = seconds,
                refresh_token = $"25.{Guid.CreateVersion7():N}",
                session_key = "sandbox",
                session_secret = "sandbox",
                scope = "public brain_all_scope",
            });
        });
    }
}
