using Aigc2d.Gateway.Dialects;
using Aigc2d.Gateway.Keys;

namespace Aigc2d.Gateway.Models;

/// <summary><c>GET /v1/models</c>: what the key may call.</summary>
internal static class ListModels
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/models", HandleAsync);

    private static async Task<IResult> HandleAsync(HttpContext context, Access access, CallableModels models)
    {
        var caller = await access.DecideAsync(context, Access.Inference);
        if (AccessErrors.Of(caller, Access.Inference) is { } denied) return denied;
        if (await models.ListAsync(caller.Principal!, context.RequestAborted) is not { } callable) return ApiErrors.Unavailable();

        return TypedResults.Ok(new ModelListResponse { Data = [.. callable.Select(ModelResponse.Of)] });
    }
}
