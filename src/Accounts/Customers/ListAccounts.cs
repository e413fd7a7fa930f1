using Aigc2d.ServiceDefaults.Http;

namespace Aigc2d.Accounts.Customers;

/// <summary>Lists accounts for operators.</summary>
internal static class ListAccounts
{
    private const int LongestQuery = 200;

    public static void MapListAccounts(this IEndpointRouteBuilder routes) => routes.MapGet("/admin/accounts", Handle);

    private static async Task<IResult> Handle(CustomerTable customers, CancellationToken ct, string? query = null, int? limit = null, string? after = null)
    {
        if (Paging.TryRead(limit, after, out var paging) is { } problem) return problem;
        if (query is { Length: > LongestQuery } || query?.Contains('\0', StringComparison.Ordinal) == true) return Problems.Invalid("query", $"must have at most {LongestQuery} characters.");
        return TypedResults.Ok(paging.Page(await customers.ListAsync(query ?? "", paging.After, paging.Limit + 1, ct), account => account.Id));
    }
}
