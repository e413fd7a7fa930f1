using Aigc2d.Gateway.Dialects;
using Aigc2d.Gateway.Keys;

namespace Aigc2d.Gateway.Models;

/// <summary><c>GET /v1/models/{id}</c>: one model, if the key may call it.</summary>
internal static class GetModel
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/models/{id}", HandleAsync);

    private static async Task<IResult> HandleAsync(string id, HttpContext context, Access access, CallableModels models)
    {
        var caller = await access.DecideAsync(context, Access.Inference);
        if (AccessErrors.Of(caller, Access.Inference) is { } denied) return denied;

        // Routing leaves an encoded slash encoded, so that it does not end the segment.
        var name = id.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        if (await models.ListAsync(caller.Principal!, context.RequestAborted) is not { } callable) return ApiErrors.Unavailable();

        return callable.FirstOrDefault(model => model.Name == name) is { } found ? TypedResults.Ok(ModelResponse.Of(found)) : ApiErrors.ModelNotFound(name);
    }
}
