namespace Aigc2d.Moderation.Policies;

/// <summary>Shows whether the input of embeddings is screened, and all rows there ever were about it, newest first.</summary>
internal static class GetEmbeddingPolicies
{
    public static void MapGetEmbeddingPolicies(this IEndpointRouteBuilder routes) => routes.MapGet("/admin/policies/embeddings", Handle);

    private static async Task<IResult> Handle(PolicyList policies, TimeProvider time, CancellationToken ct)
    {
        var snapshot = await policies.RefreshAsync(ct);
        return TypedResults.Ok(new { inForce = snapshot.EmbeddingsAt(snapshot.NotBehind(time.GetUtcNow())), items = snapshot.Embeddings, next = (string?)null });
    }
}
