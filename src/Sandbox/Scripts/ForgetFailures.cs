namespace Aigc2d.Sandbox.Scripts;

/// <summary>Lets every name that fails only for a while fail anew.</summary>
public static class ForgetFailures
{
    public static void MapForgetFailures(this IEndpointRouteBuilder routes) => routes.MapDelete("/fails", (ScriptedFailures failures) =>
    {
        failures.Forget();
        return Results.NoContent();
    });
}
