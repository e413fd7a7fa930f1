using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aigc2d.Accounts.Customers;

/// <summary>Shows an account to the edge, which adds its points, and to operators.</summary>
internal static class ShowAccount
{
    public static void MapShowAccount(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/internal/accounts/{id:guid}", Handle);
        routes.MapGet("/admin/accounts/{id:guid}", Handle);
    }

    private static async Task<Results<Ok<AccountResponse>, ProblemHttpResult>> Handle(Guid id, CustomerTable customers, CancellationToken ct) =>
        await customers.FindAsync(id, ct) is { } account ? TypedResults.Ok(account) : Problems.NotFound($"There is no account {id}.");
}
