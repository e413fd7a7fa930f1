namespace Aigc2d.Sandbox.WenxinV1;

/// <summary>Lets a test end tokens before their time and count those that were issued; <c>?ak=</c> narrows both to one API key.</summary>
public static class OperateTokens
{
    public static void MapOperateTokens(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/wenxin/tokens", (string? ak, WenxinTokens tokens) => new IssuedResponse(tokens.CountIssued(ak)));
        routes.MapPost("/wenxin/tokens/expire", IResult (string? ak, int? code, WenxinTokens tokens) =>
            code is null or WenxinTokens.Invalid or WenxinTokens.Expired
                ? Results.Ok(new ExpiredResponse(tokens.End(ak, code ?? WenxinTokens.Expired)))
                : Results.BadRequest("code: 110 (invalid) or 111 (expired)."));
    }

    /// <summary>How many tokens were issued.</summary>
    public sealed record IssuedResponse(int Issued);

    /// <summary>How many tokens have ended now.</summary>
    public sealed record ExpiredResponse(int Expired);
}
