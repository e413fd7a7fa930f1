namespace Aigc2d.Sandbox.Gates;

/// <summary>Opens a gate, and tells how many answers wait at it.</summary>
public static class OperateGates
{
    public static void MapOperateGates(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/gates/{name}", (string name, NamedGates gates) => new GateResponse(name, gates.WaitingAt(name)));
        routes.MapPost("/gates/{name}/open", (string name, NamedGates gates) =>
        {
            gates.Open(name);
            return Results.NoContent();
        });
    }

    /// <summary>A gate and how many answers wait at it.</summary>
    public sealed record GateResponse(string Name, int Waiting);
}
