using Microsoft.AspNetCore.Http.HttpResults;

namespace Aigc2d.ServiceDefaults.Http;

/// <summary>A page of a list: how many items, and the last one already seen. Ids rise with time, so they are the cursor.</summary>
/// <param name="Limit">How many items, 1 to 200; 50 when the caller does not say.</param>
/// <param name="After">The id of the last item already seen; empty at the beginning.</param>
public readonly record struct Paging(int Limit, Guid After)
{
    private const int MostItems = 200;

    /// <summary>Reads <c>?limit=&amp;after=</c>; the problem when they are not acceptable.</summary>
    public static ProblemHttpResult? TryRead(int? limit, string? after, out Paging paging)
    {
        paging = new Paging(limit ?? 50, Guid.Empty);
        if (paging.Limit is < 1 or > MostItems) return Problems.Invalid("limit", $"must be 1 to {MostItems}.");
        if (after is null) return null;
        if (!Guid.TryParse(after, out var cursor)) return Problems.Invalid("after", "must be the 'next' of an earlier answer.");
        paging = paging with { After = cursor };
        return null;
    }

    /// <summary>The body of a list; <paramref name="items"/> holds one more than asked for when there is more.</summary>
    public object Page<T>(List<T> items, Func<T, Guid> id) => Page(items, item => id(item).ToString());

    /// <summary>The same where the cursor is something else than an id.</summary>
    public object Page<T>(List<T> items, Func<T, string> cursor) => items.Count > Limit
        ? new { items = items[..Limit], next = (string?)cursor(items[Limit - 1]) }
        : new { items, next = (string?)null };
}
